import { hardwareMetrics } from "./hardware-metrics.ts";
import type { MetricDefinition } from "./metric-definition.ts";
import { networkMetrics } from "./network-metrics.ts";
import { processorMetrics } from "./processor-metrics.ts";
import { storageMetrics } from "./storage-metrics.ts";

/**
 * Every metric that an agent may report: OpenTelemetry names, one unit each, and how a host-wide
 * figure is made of several series. The dictionary on the wire names metrics from this list only.
 */
export const metrics = {
  ...processorMetrics,
  ...storageMetrics,
  ...networkMetrics,
  ...hardwareMetrics,
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof metrics;

export function findMetric(name: string): MetricDefinition | undefined {
  return Object.hasOwn(metrics, name) ? metrics[name as MetricName] : undefined;
}
