import type { LatestValue, LatestView } from "#fleet/telemetry/telemetry.ts";
import type { MetricName } from "#proto/vocabulary/metrics.ts";
import type { Evidence } from "./health-rule.ts";
import { evidenceLimits } from "./thresholds.ts";

const nothing: readonly LatestValue[] = [];

/**
 * What a host's newest values show of now. A value whose own next points are overdue speaks of then,
 * not of now; of a host that has been silent nothing does. The age of a value is told by the host's
 * clock, the host's silence by ours: the two are never compared.
 */
export function evidenceOf(
  latest: LatestView | undefined,
  about: { readonly nowMs: number; readonly clockOffsetMs: number | null },
): Evidence {
  if (latest === undefined || about.nowMs - latest.receivedMs > evidenceLimits.silentMsMax)
    return { ...about, values: () => nothing };
  const { observedMs } = latest;
  const { overduePoints, currentMsMin } = evidenceLimits;
  return {
    ...about,
    values: (metric: MetricName) =>
      latest
        .valuesOf(metric)
        .filter(
          (value) =>
            value.observedMs >=
            observedMs - Math.max(overduePoints * value.series.cadenceMs, currentMsMin),
        ),
  };
}
