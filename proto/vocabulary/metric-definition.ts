/** Whether the value only grows, and is answered as a rate, or stands for itself. */
export type MetricKind = "counter" | "gauge";

/**
 * How the series of one metric become one figure for the host when nobody asks for a split:
 * `whole` – there is a series without attributes and it is the answer; `sum`, `mean`, `max`, `min`
 * – over all series of the metric; `newest` – the series are rival answers to one question, and the
 * one that spoke last has the say, never a mixture; `one-source` – a sum where all series name the
 * same wws.power.source, and none where they do not: parts that several instruments see would be
 * added twice.
 */
export type HostWide = "whole" | "sum" | "mean" | "max" | "min" | "newest" | "one-source";

export interface MetricDefinition {
  readonly kind: MetricKind;
  /** UCUM unit of the value as the dictionary's scale gives it; counters are answered per second. */
  readonly unit: string;
  readonly hostWide: HostWide;
  readonly description: string;
}
