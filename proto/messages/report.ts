import type { DictionaryDigest } from "#proto/vocabulary/ids.ts";
import type { MonotonicMs, UnixMs } from "#proto/vocabulary/units.ts";

/** A batch of points, one every `stepMs`; `steps` of them from `startMs`. */
export interface Report {
  /** Counts within the spool, from 1. */
  readonly seq: number;
  readonly dictionary: DictionaryDigest;
  readonly startMs: UnixMs;
  readonly startMonotonicMs: MonotonicMs;
  readonly stepMs: number;
  readonly steps: number;
  readonly columns: readonly Column[];
  readonly gaps: readonly Gap[];
}

/**
 * One series of a report, still packed (proto/codec/columns.ts unpacks). Integers in the series'
 * own scale. Values and summary were verified against each other when the message was decoded.
 */
export interface Column {
  readonly series: number;
  readonly values: Uint8Array;
  /** One bit a step, lowest first; empty when every step was seen. */
  readonly present: Uint8Array;
  readonly summary: Summary;
}

/** Integers in the series' scale; mean = sum / count. Counters: of the increments. */
export interface Summary {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly last: number;
  /** Exact up to 2^53, the nearest double beyond. */
  readonly sum: number;
}

/** `unspecified`: a reason that this release does not know. */
export type GapReason =
  | "unspecified"
  | "ring-full"
  | "agent-restarted"
  | "host-slept"
  | "too-large";

/** Points that were due and will never come. `to` is exclusive. */
export interface Gap {
  readonly fromMs: UnixMs;
  readonly toMs: UnixMs;
  readonly reason: GapReason;
  /** The numbered reports that were dropped, where there are such. */
  readonly seqs: SeqRange | null;
}

/** Both ends included. */
export interface SeqRange {
  readonly first: number;
  readonly last: number;
}
