import { unpackColumn } from "#proto/codec/columns.ts";
import type { BlockFolder } from "./block-folder.ts";
import type { KnownDictionary } from "./dictionaries.ts";
import type { HostTable } from "./host-table.ts";
import { applyReport, type LatestColumn, type LatestValues } from "./latest-values.ts";
import { readRecords } from "./read-records.ts";
import { takeReportHead, visitColumns } from "./report-record.ts";
import type { IndexEntry } from "./segment-index.ts";
import type { Segment } from "./segments.ts";

/** Series that come more rarely than this are not looked for further back. */
export const lookBackMsMax = 15 * 60_000;

/** Latest values from the tail of the log: of each host the newest reports, twice its longest cadence back. */
export async function recoverLatest(
  { folder, hosts }: { readonly folder: BlockFolder; readonly hosts: HostTable },
  segments: readonly Segment[],
): Promise<void> {
  for (const host of hosts.all()) {
    const newest = newestEntries(host.number, segments);
    for (const { segment, entries } of newest) {
      for await (const [entry, payload] of readRecords(folder, segment, entries)) {
        const dictionary = segment.dictionaries[entry.dictionary];
        if (payload !== null && dictionary) applyPayload(host.latest, dictionary, payload);
      }
    }
  }
}

interface SegmentEntries {
  readonly segment: Segment;
  readonly entries: readonly IndexEntry[];
}

/** In the order of the log. */
function newestEntries(host: number, segments: readonly Segment[]): readonly SegmentEntries[] {
  const all = segments.map((segment) => ({ segment, entries: segment.index.ofHost(host) }));
  let newestMs = Number.NEGATIVE_INFINITY;
  let cadenceMs = 1_000;
  for (const { segment, entries } of all) {
    for (const { endMs, dictionary } of entries) {
      newestMs = Math.max(newestMs, endMs);
      for (const one of segment.dictionaries[dictionary]?.cadencesMs ?? []) {
        if (one > cadenceMs) cadenceMs = one;
      }
    }
  }
  const sinceMs = newestMs - Math.min(lookBackMsMax, 2 * cadenceMs);
  return all.map(({ segment, entries }) => ({
    segment,
    entries: entries.filter(({ endMs }) => endMs >= sinceMs),
  }));
}

function applyPayload(
  latest: LatestValues,
  dictionary: KnownDictionary,
  payload: Uint8Array,
): void {
  const cursor = { bytes: payload, at: 0 };
  const head = takeReportHead(cursor);
  const columns: LatestColumn[] = [];
  visitColumns(cursor, head.steps, ({ series, present, values }) => {
    const kind = dictionary.isCounter[series] === 1 ? "counter" : "gauge";
    let last = 0;
    let sum = 0;
    for (const integer of unpackColumn({ values, present }, head.steps, kind)) {
      if (Number.isNaN(integer)) continue;
      last = integer;
      sum += integer;
    }
    columns.push({ series, present, summary: { last, sum } });
  });
  applyReport(latest, dictionary, head, columns);
}
