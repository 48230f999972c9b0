import { unixMs } from "#proto/vocabulary/units.ts";
import type { BlockFolder } from "./block-folder.ts";
import { readSectionHead } from "./block-tracks.ts";
import { CorruptBytes } from "./byte-reader.ts";
import type { Source } from "./catalog.ts";
import type { KnownHost } from "./host-table.ts";
import { readRecords } from "./read-records.ts";
import type { LogDamage } from "./read-segment.ts";
import { takeReportHead } from "./report-record.ts";
import { seqHoles } from "./seq-holes.ts";
import type { ReportedGap } from "./telemetry.ts";

export interface GapParts {
  readonly folder: BlockFolder;
  readonly sources: readonly Source[];
  readonly damages: readonly LogDamage[];
}

/** What is known to be missing of a host within a span, ascending. */
export async function tellGaps(
  parts: GapParts,
  host: KnownHost,
  span: { readonly fromMs: number; readonly toMs: number },
): Promise<readonly ReportedGap[]> {
  const gaps: ReportedGap[] = [...seqHoles(host)];
  for (const { fromMs, toMs, bytes } of parts.damages) {
    const reason = `${bytes} bytes of the manager's log were damaged on disk`;
    gaps.push({ fromMs: unixMs(fromMs), toMs: unixMs(toMs), reason });
  }
  for (const source of parts.sources) gaps.push(...(await gapsIn(parts.folder, source, host)));
  return gaps
    .filter(({ fromMs, toMs }) => fromMs < span.toMs && toMs > span.fromMs)
    .map(({ fromMs, toMs, reason }) => ({ fromMs, toMs, reason }))
    .sort((left, right) => left.fromMs - right.fromMs || left.toMs - right.toMs);
}

async function gapsIn(
  folder: BlockFolder,
  source: Source,
  host: KnownHost,
): Promise<readonly ReportedGap[]> {
  if (source.kind === "block") {
    const section = source.block.find(host.number);
    if (section === undefined || section.gaps === 0) return [];
    try {
      return (await readSectionHead(folder, source.block, section)).gaps;
    } catch (error) {
      if (!(error instanceof CorruptBytes)) throw error;
      const { fromMs, toMs, bytes } = section;
      const reason = `${bytes} bytes of a telemetry block are damaged on disk`;
      return [{ fromMs: unixMs(fromMs), toMs: unixMs(toMs), reason }];
    }
  }
  const gaps: ReportedGap[] = [];
  const entries = source.segment.index.ofHost(host.number).filter(({ hasGaps }) => hasGaps);
  for await (const [, payload] of readRecords(folder, source.segment, entries)) {
    if (payload !== null) gaps.push(...takeReportHead({ bytes: payload, at: 0 }).gaps);
  }
  return gaps;
}
