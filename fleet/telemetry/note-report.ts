import type { Gap } from "#proto/messages/report.ts";
import type { Dictionaries, KnownDictionary } from "./dictionaries.ts";
import type { HostTable, KnownHost, Spool } from "./host-table.ts";
import { numberDictionary, type Segment } from "./segments.ts";

/** A report that is on disk, as the indexes need it. */
export interface DurableReport {
  readonly host: KnownHost;
  readonly spool: Spool;
  readonly dictionary: KnownDictionary;
  readonly seq: number;
  readonly startMs: number;
  readonly stepMs: number;
  readonly steps: number;
  readonly receivedMs: number;
  readonly gaps: readonly Gap[];
  readonly offset: number;
  readonly length: number;
}

/** Makes a durable report findable and its number known; the same when it is written and when recovered. */
export function noteReport(
  segment: Segment,
  tables: { readonly hosts: HostTable; readonly dictionaries: Dictionaries },
  report: DurableReport,
): void {
  const { host, spool, dictionary, seq, startMs, receivedMs, gaps } = report;
  if (!segment.dictionaryNumbers.has(dictionary)) tables.dictionaries.retain(dictionary);
  const endMs = startMs + report.steps * report.stepMs;
  segment.index.add({
    host: host.number,
    offset: report.offset,
    length: report.length,
    startMs,
    endMs,
    steps: report.steps,
    dictionary: numberDictionary(segment, dictionary),
    hasGaps: gaps.length > 0,
  });
  if (receivedMs > segment.newestReceivedMs) segment.newestReceivedMs = receivedMs;
  const span = { first: seq, last: seq, fromMs: startMs, toMs: endMs };
  tables.hosts.addDurable(host, spool, span, receivedMs);
  for (const { seqs, fromMs, toMs } of gaps) {
    // Numbers that the agent gave up are told by its gap: they are no hole any more.
    if (seqs !== null) tables.hosts.addDurable(host, spool, { ...seqs, fromMs, toMs }, receivedMs);
  }
}
