import type { Attribute, Dictionary, Series } from "#proto/messages/series.ts";
import type { ByteCursor } from "#proto/codec/varints.ts";
import { findMetric, type MetricName } from "#proto/vocabulary/metrics.ts";
import { takeText, takeVarint, takeZigZag } from "./byte-reader.ts";
import { type ByteWriter, putText, putVarint, putZigZag } from "./byte-writer.ts";
import { putId, takeId } from "./id-bytes.ts";

/** A dictionary as the log and the blocks keep it. */
export function putDictionary(writer: ByteWriter, dictionary: Dictionary): void {
  putId(writer, dictionary.digest);
  putVarint(writer, dictionary.series.length);
  for (const series of dictionary.series) {
    putText(writer, series?.metric ?? "");
    if (series === null) continue;
    putZigZag(writer, series.exponent);
    putVarint(writer, series.quantum);
    putVarint(writer, series.cadenceMs);
    putVarint(writer, series.attributes.length);
    for (const { key, value } of series.attributes) {
      putText(writer, key);
      putText(writer, value);
    }
  }
}

/** Throws CorruptBytes. A metric that this release does not know becomes null, as on the wire. */
export function takeDictionary(cursor: ByteCursor): Dictionary {
  const digest = takeId<Dictionary["digest"]>(cursor);
  const series = Array.from({ length: takeVarint(cursor) }, () => takeSeries(cursor));
  return { digest, series };
}

function takeSeries(cursor: ByteCursor): Series | null {
  const metric = takeText(cursor);
  if (metric === "") return null;
  const exponent = takeZigZag(cursor);
  const quantum = takeVarint(cursor);
  const cadenceMs = takeVarint(cursor);
  const attributes = Array.from(
    { length: takeVarint(cursor) },
    (): Attribute => ({ key: takeText(cursor), value: takeText(cursor) }),
  );
  return isMetricName(metric) ? { metric, attributes, exponent, quantum, cadenceMs } : null;
}

function isMetricName(text: string): text is MetricName {
  return findMetric(text) !== undefined;
}
