import type { BlockFolder } from "./block-folder.ts";
import type { KnownHost } from "./host-table.ts";
import { readRecords } from "./read-records.ts";
import type { LogDamage } from "./read-segment.ts";
import { takeReportHead } from "./report-record.ts";
import type { Segment } from "./segments.ts";
import { seqHoles } from "./seq-holes.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { ReportedGap } from "./telemetry.ts";

export interface GapParts {
  readonly folder: BlockFolder;
  readonly segments: readonly Segment[];
  readonly damages: readonly LogDamage[];
}

/** What is known to be missing of a host within a span, ascending. */
export async function tellGaps(
  { folder, segments, damages }: GapParts,
  host: KnownHost,
  span: { readonly fromMs: number; readonly toMs: number },
): Promise<readonly ReportedGap[]> {
  const gaps: ReportedGap[] = [...seqHoles(host)];
  for (const { fromMs, toMs, bytes } of damages) {
    const reason = `${bytes} bytes of the manager's log were damaged on disk`;
    gaps.push({ fromMs: unixMs(fromMs), toMs: unixMs(toMs), reason });
  }
  for (const segment of [...segments]) {
    const entries = segment.index.ofHost(host.number).filter(({ hasGaps }) => hasGaps);
    for await (const [, payload] of readRecords(folder, segment, entries)) {
      if (payload !== null) gaps.push(...takeReportHead({ bytes: payload, at: 0 }).gaps);
    }
  }
  return gaps
    .filter(({ fromMs, toMs }) => fromMs < span.toMs && toMs > span.fromMs)
    .map(({ fromMs, toMs, reason }) => ({ fromMs, toMs, reason }))
    .sort((left, right) => left.fromMs - right.fromMs || left.toMs - right.toMs);
}
