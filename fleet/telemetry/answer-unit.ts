import { type MetricName, metrics } from "#proto/vocabulary/metrics.ts";
import type { RangeQuery } from "./telemetry.ts";

/**
 * UCUM unit of an answer. A counter is answered per second: bytes become `By/s`, seconds `1` (the
 * share of time), joules `W`; its `sum` is what it grew by, in its own unit. A `count` is a number.
 */
export function answerUnit(metric: MetricName, stat: RangeQuery["stat"]): string {
  const { kind, unit } = metrics[metric];
  if (stat === "count") return "1";
  if (kind === "gauge" || stat === "sum") return unit;
  if (unit === "s") return "1";
  return unit === "J" ? "W" : `${unit}/s`;
}
