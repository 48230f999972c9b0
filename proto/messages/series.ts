import type { DictionaryDigest } from "#proto/vocabulary/ids.ts";
import type { MetricName } from "#proto/vocabulary/metrics.ts";

export interface Attribute {
  readonly key: string;
  readonly value: string;
}

/** Meaning of one column. value = integer × quantum × 10^exponent in the metric's unit. */
export interface Series {
  readonly metric: MetricName;
  /** Sorted by key, keys unique. */
  readonly attributes: readonly Attribute[];
  readonly exponent: number;
  readonly quantum: number;
  /** How often a point is expected, ms. */
  readonly cadenceMs: number;
}

/** Immutable: another set of series is another dictionary with another digest. */
export interface Dictionary {
  readonly digest: DictionaryDigest;
  /**
   * A column's `series` is the index into this list. null: a metric that this release does not
   * know, from a newer agent; its columns are carried and left alone.
   */
  readonly series: readonly (Series | null)[];
}

/** The multiplier from a column's integers to the metric's unit. */
export function scaleOf(series: Series): number {
  return series.quantum * 10 ** series.exponent;
}
