import type { Report, SeqRange } from "#proto/messages/report.ts";
import type { Attribute, Dictionary, Series } from "#proto/messages/series.ts";
import type { BootId, DictionaryDigest, HostId, SpoolId } from "#proto/vocabulary/ids.ts";
import type { MetricName } from "#proto/vocabulary/metrics.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { WatchedLatest } from "./watch-latest.ts";

/**
 * The samples of all hosts: append-only column blocks in the data folder, latest values in memory.
 * Built by `openTelemetry(folder, …)`; opening recovers everything from the block log itself.
 */
export interface Telemetry {
  knowsDictionary(digest: DictionaryDigest): boolean;
  /** Durable before the first report that uses it is. */
  addDictionary(dictionary: Dictionary): void;
  /**
   * Resolves when the report is on disk (fsync), however many reports shared that fsync. A report
   * that is already there is `duplicate` and changes nothing. Rejects with TelemetryError
   * `STORE_FULL` or `STORE_BUSY` (nothing is kept) or `STORE_FAILED`.
   */
  append(entry: ReportEntry): Promise<"appended" | "duplicate">;
  /** What is on disk of a spool; merged, ascending. */
  acknowledged(hostId: HostId, spoolId: SpoolId): readonly SeqRange[];
  /** Newest durable value of each series of a host. */
  latest(hostId: HostId): LatestView | undefined;
  query(query: RangeQuery): Promise<Result<RangeAnswer, QueryProblem>>;
  /** Gaps that agents reported, and holes in sequence numbers, within a span. */
  gaps(hostId: HostId, fromMs: UnixMs, toMs: UnixMs): Promise<readonly ReportedGap[]>;
  stats(): TelemetryStats;
  /** Flushes and closes; appends in flight finish or reject. */
  close(): Promise<void>;
}

export interface ReportEntry {
  readonly hostId: HostId;
  readonly spoolId: SpoolId;
  readonly bootId: BootId;
  readonly receivedMs: UnixMs;
  readonly report: Report;
}

export interface LatestView {
  readonly observedMs: UnixMs;
  readonly receivedMs: UnixMs;
  /** In the metric's unit; counters as a rate per second over the last report. */
  values(): readonly LatestValue[];
  /**
   * What of these metrics is other than when `before` was answered; cheap, see watch-latest.ts.
   * `onChange` gets the metric's place in the list and the value in its unit.
   */
  watch(
    before: WatchedLatest | null,
    metrics: readonly MetricName[],
    onChange: (metric: number, value: number) => void,
  ): { readonly seen: WatchedLatest; readonly isOther: boolean };
  /** The same of one metric alone, without looking at the others. */
  valuesOf(metric: MetricName): readonly LatestValue[];
  /**
   * Host-wide figure of one metric by the catalogue's rule; null: not seen. `only`: of the series
   * that have this attribute, as in what was read, of what was read and written.
   */
  hostWide(metric: MetricName, only?: Attribute): number | null;
  /** The one series of a metric that spoke last and still speaks; null: none does. */
  newestOf(metric: MetricName): LatestValue | null;
}

export interface LatestValue {
  readonly series: Series;
  readonly value: number;
  readonly observedMs: UnixMs;
}

export interface RangeQuery {
  readonly hostId: HostId;
  readonly metric: MetricName;
  /** Inclusive. */
  readonly fromMs: UnixMs;
  /** Exclusive. */
  readonly toMs: UnixMs;
  /** Multiple of 1,000; points lie at multiples of it. */
  readonly stepMs: number;
  /** Attribute key to split by; null: one host-wide series. */
  readonly by: string | null;
  readonly stat: "mean" | "min" | "max" | "last" | "sum" | "count" | "p50" | "p95" | "p99";
  readonly signal?: AbortSignal;
}

export interface RangeAnswer {
  readonly metric: MetricName;
  /** Of the values: the metric's unit, counters per second (`By/s`). */
  readonly unit: string;
  readonly series: readonly RangeSeries[];
  /** Share of the expected points of all series that were seen, 0 to 1. */
  readonly coverage: number;
}

export interface RangeSeries {
  readonly attributes: readonly Attribute[];
  /** One entry a step, ascending; null: not seen, never zero. */
  readonly points: readonly (readonly [UnixMs, number | null])[];
  readonly coverage: number;
  /** Of rival series: which of them each stretch of points is from; ascending, only where seen. */
  readonly parts?: readonly RangePart[];
}

/** A stretch of points out of one of several rival series; steps with none seen belong to none. */
export interface RangePart {
  /** Of its first point. */
  readonly fromMs: UnixMs;
  /** Where the step of its last point ends. */
  readonly toMs: UnixMs;
  readonly attributes: readonly Attribute[];
}

export type QueryProblem =
  | { readonly kind: "unknown-metric"; readonly metric: string }
  | { readonly kind: "bad-range"; readonly hint: string }
  | {
      readonly kind: "too-many-points";
      readonly points: number;
      readonly max: number;
      readonly hint: string;
    }
  | { readonly kind: "cancelled" };

export interface ReportedGap {
  readonly fromMs: UnixMs;
  readonly toMs: UnixMs;
  readonly reason: string;
}

export interface TelemetryStats {
  readonly reports: number;
  readonly samples: number;
  readonly duplicates: number;
  readonly bytesOnDisk: number;
  readonly hosts: number;
}
