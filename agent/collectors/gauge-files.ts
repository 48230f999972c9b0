import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import type { MetricName } from "#proto/vocabulary/metrics.ts";
import type { MonotonicMs } from "#proto/vocabulary/units.ts";
import { absent, absentByRead, problemOf } from "./absences.ts";
import type { CollectProblem, SampleSink, SeriesHandle } from "./collector.ts";
import { parseWholeInteger } from "./integer-scanner.ts";
import { type OpenOnce, openOnce } from "./open-once.ts";

/** A small file that holds one whole number, and what the number means. */
export interface GaugeFile {
  readonly path: string;
  readonly metric: MetricName;
  readonly attributes: Readonly<Record<string, string>>;
  readonly exponent: number;
  /** Raw numbers of the file in one unit of the series. */
  readonly rawPerUnit: number;
  /** Raw limits of what the physics of the part allows. */
  readonly plausible: { readonly min: number; readonly max: number };
  /** Raw numbers by which the driver says that there is no sensor. */
  readonly sentinels?: readonly number[];
  readonly cadenceMs: number;
  /** Read for its owner only: gives no series of its own. */
  readonly isSilent?: boolean;
}

/**
 * Reads a set of one-number files at their own pace. A reading that is refused, unreadable or
 * implausible is left out and told; the others go on.
 */
export class GaugeFiles {
  readonly #source: HardwareSource;
  readonly #sink: SampleSink;
  #gauges: readonly OpenGauge[] = [];

  constructor(source: HardwareSource, sink: SampleSink) {
    this.#source = source;
    this.#sink = sink;
  }

  /** Takes this set from now on; files that are in the old set too stay open. Tells what is absent. */
  discover(files: readonly GaugeFile[]): readonly Absence[] {
    const open = new Map(this.#gauges.map((gauge) => [gauge.file.path, gauge]));
    const absences: Absence[] = [];
    const gauges: OpenGauge[] = [];
    for (const file of files) {
      const kept = open.get(file.path);
      const reader = kept?.reader ?? openOnce(this.#source, file.path);
      const reading = look(file, reader);
      if (typeof reading !== "number") {
        absences.push(reading);
        if (kept === undefined) reader.close();
        continue;
      }
      open.delete(file.path);
      const { metric, attributes, exponent, cadenceMs } = file;
      const cadence = cadenceMs > 0 ? { cadenceMs } : {};
      const handle =
        file.isSilent === true
          ? null
          : this.#sink.declare({ metric, attributes, exponent, ...cadence });
      gauges.push({ file, reader, handle, dueAt: kept?.dueAt ?? 0, latest: Number.NaN });
    }
    for (const gauge of open.values()) gauge.reader.close();
    this.#gauges = gauges;
    return absences;
  }

  collect(at: MonotonicMs): CollectProblem | null {
    let absences: Absence[] | null = null;
    for (const gauge of this.#gauges) {
      gauge.latest = Number.NaN;
      if (at < gauge.dueAt) continue;
      if (gauge.file.cadenceMs > 0) gauge.dueAt = at + gauge.file.cadenceMs - slackMs;
      const reading = look(gauge.file, gauge.reader);
      if (typeof reading === "number") {
        gauge.latest = reading;
        if (gauge.handle !== null)
          this.#sink.set(gauge.handle, Math.round(reading / gauge.file.rawPerUnit));
      } else {
        absences ??= [];
        absences.push(reading);
      }
    }
    return absences === null ? null : problemOf(absences);
  }

  /** Raw numbers of the last `collect`; NaN where a file was not due or gave nothing. */
  latest(path: string): number {
    return this.#gauges.find(({ file }) => file.path === path)?.latest ?? Number.NaN;
  }

  has(path: string): boolean {
    return this.#gauges.some(({ file }) => file.path === path);
  }

  close(): void {
    for (const { reader } of this.#gauges) reader.close();
    this.#gauges = [];
  }
}

interface OpenGauge {
  readonly file: GaugeFile;
  readonly reader: OpenOnce;
  readonly handle: SeriesHandle | null;
  dueAt: number;
  latest: number;
}

function look(file: GaugeFile, reader: OpenOnce): number | Absence {
  const { metric, attributes, path } = file;
  const read = reader.read();
  if (!read.ok)
    return absentByRead(metric, read.problem, "the driver gives no reading now", attributes);
  const raw = parseWholeInteger(read.value);
  if (Number.isNaN(raw))
    return absent({
      what: metric,
      attributes,
      reason: "unreadable-text",
      detail: `${path} is not a whole number`,
    });
  if (file.sentinels?.includes(raw))
    return absent({
      what: metric,
      attributes,
      reason: "not-supported",
      detail: `${path} says ${raw}: no sensor there`,
    });
  if (raw < file.plausible.min || raw > file.plausible.max)
    return absent({
      what: metric,
      attributes,
      reason: "implausible",
      detail: `${path} says ${raw}, outside ${file.plausible.min} to ${file.plausible.max}`,
    });
  return raw;
}

/** Ticks come a little early or late; a reading that is due within this time is taken. */
const slackMs = 250;
