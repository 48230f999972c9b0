import type { Evidence } from "#fleet/health/health-rule.ts";
import type { LatestValue } from "#fleet/telemetry/telemetry.ts";
import type { MetricName } from "#proto/vocabulary/metrics.ts";
import { unixMs } from "#proto/vocabulary/units.ts";

/** One reading as a test writes it. */
export interface SaidReading {
  readonly metric: MetricName;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly value: number;
  /** How old it is; default: of now. */
  readonly ageMs?: number;
}

/** What a host shows at a moment, from readings that a test writes down. */
export function evidenceFrom(
  readings: readonly SaidReading[],
  about: { readonly nowMs: number; readonly clockOffsetMs?: number | null },
): Evidence {
  const values = readings.map(
    ({ metric, attributes = {}, value, ageMs = 0 }): LatestValue => ({
      series: {
        metric,
        attributes: Object.entries(attributes)
          .map(([key, text]) => ({ key, value: text }))
          .sort((left, right) => (left.key < right.key ? -1 : 1)),
        exponent: 0,
        quantum: 1,
        cadenceMs: 10_000,
      },
      value,
      observedMs: unixMs(about.nowMs - ageMs),
    }),
  );
  return {
    nowMs: about.nowMs,
    clockOffsetMs: about.clockOffsetMs ?? null,
    values: (metric) => values.filter(({ series }) => series.metric === metric),
  };
}
