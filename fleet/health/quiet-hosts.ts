import type { LatestView } from "#fleet/telemetry/telemetry.ts";
import type { WatchedLatest } from "#fleet/telemetry/watch-latest.ts";
import type { MetricName } from "#proto/vocabulary/metrics.ts";
import type { HealthRule } from "./health-rule.ts";
import type { HostMemory } from "./host-memory.ts";
import { thresholds } from "./thresholds.ts";

/** Of one host: what was seen when it was last asked whether it is quiet. */
export interface QuietMark {
  seen: WatchedLatest | null;
}

/**
 * Tells hosts of which nothing can have begun since they were last judged: no finding, none on its
 * way, no count that is growing, and every value that changed is one by which nothing begins. Most
 * hosts are quiet at most times, and finding that out costs a look at some hundred numbers.
 */
export function createQuietCheck(rules: readonly HealthRule[]): (
  mark: QuietMark,
  host: {
    readonly memory: HostMemory;
    readonly latest: LatestView;
    readonly clockOffsetMs: number | null;
  },
) => boolean {
  const metrics = [...new Set(rules.flatMap((rule) => rule.metrics))];
  const rulesOf = metrics.map((metric) => rules.filter((rule) => rule.metrics.includes(metric)));
  const isQuietValue = (metric: number, value: number): boolean => {
    const name: MetricName | undefined = metrics[metric];
    return (
      name !== undefined &&
      !Number.isNaN(value) &&
      (rulesOf[metric]?.every((rule) => rule.isQuiet(name, value)) ?? false)
    );
  };
  return (mark, { memory, latest, clockOffsetMs }) => {
    let isQuiet = true;
    const { seen, isOther } = latest.watch(mark.seen, metrics, (metric, value) => {
      isQuiet &&= isQuietValue(metric, value);
    });
    mark.seen = seen;
    if (isOther || memory.findings.size > 0 || memory.judgedMs === 0) return false;
    return isQuiet && Math.abs(clockOffsetMs ?? 0) < thresholds.clock.degraded.clear;
  };
}
