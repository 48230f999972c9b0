import type { KnownHost } from "./host-table.ts";
import type { ReportedGap } from "./telemetry.ts";
import { unixMs } from "#proto/vocabulary/units.ts";

/**
 * Numbered reports that are not here (yet): backfill may still bring them. The time of a hole is
 * what lies between its neighbours; what is missing before the first report is told with the length
 * that the first run of reports had on average.
 */
export function seqHoles(host: KnownHost): readonly ReportedGap[] {
  const gaps: ReportedGap[] = [];
  const tell = (first: number, last: number, fromMs: number, toMs: number): void => {
    gaps.push({
      fromMs: unixMs(Math.min(fromMs, toMs)),
      toMs: unixMs(Math.max(fromMs, toMs)),
      reason:
        first === last
          ? `report ${first} has not come`
          : `reports ${first} to ${last} have not come`,
    });
  };
  for (const { spans } of host.spools.values()) {
    const [lowest] = spans;
    if (lowest !== undefined && lowest.first > 1) {
      const meanMs = Math.abs(lowest.toMs - lowest.fromMs) / (lowest.last - lowest.first + 1);
      const fromMs = Math.max(0, lowest.fromMs - (lowest.first - 1) * meanMs);
      tell(1, lowest.first - 1, fromMs, lowest.fromMs);
    }
    for (let index = 1; index < spans.length; index += 1) {
      const below = spans[index - 1];
      const above = spans[index];
      if (below && above) tell(below.last + 1, above.first - 1, below.toMs, above.fromMs);
    }
  }
  return gaps;
}
