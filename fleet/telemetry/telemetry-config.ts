import { wireLimits } from "#proto/vocabulary/wire-limits.ts";

/** Sizes and times of the store. Each is a limit with a reason; docs/limits.md has the figures. */
export interface TelemetryConfig {
  /** A segment of the log is sealed at this size, age or number of reports, whichever comes first. */
  readonly segmentBytesMax: number;
  readonly segmentMsMax: number;
  readonly segmentReportsMax: number;
  /** A compacted file is closed once it is this large; one host's share is never cut. */
  readonly blockBytesMax: number;
  /**
   * Files whose newest report was received longer ago than this are removed; how that is told is in
   * retention.ts, since the clock may be wrong.
   */
  readonly retentionMs: number;
  /** When all files together are larger, the oldest go. */
  readonly retentionBytes: number;
  /** With less than this free on the disk, reports are refused: the control store needs room too. */
  readonly reserveBytes: number;
  /** Least time between two fsyncs; what comes in between shares the next one. 0: no pause. */
  readonly commitSpacingMs: number;
  /**
   * Encoded reports that may wait for the disk, beside those that are being written. More than the
   * gateway lets in (its `bytesInFlightMax`, and what a record adds to a report), so that the gateway
   * says no first.
   */
  readonly pendingBytesMax: number;
  /** Points that one answer may decode. */
  readonly queryPointsMax: number;
  /** Numberings that are remembered per host; the one not heard of for longest is forgotten. */
  readonly spoolsPerHostMax: number;
  /**
   * Runs of numbers without a hole that one numbering may have; a report that would open one more is
   * refused. What the log already holds is never left out, however many runs it makes.
   */
  readonly runsPerSpoolMax: number;
}

const mebibyte = 1024 * 1024;

export const telemetryDefaults: TelemetryConfig = {
  segmentBytesMax: 256 * mebibyte,
  segmentMsMax: 3_600_000,
  segmentReportsMax: 500_000,
  blockBytesMax: 32 * mebibyte,
  retentionMs: 7 * 24 * 3_600_000,
  retentionBytes: 8 * 1024 * mebibyte,
  reserveBytes: 256 * mebibyte,
  commitSpacingMs: 100,
  pendingBytesMax: 192 * mebibyte,
  queryPointsMax: 1_000_000,
  spoolsPerHostMax: 16,
  runsPerSpoolMax: wireLimits.ackRangesMax,
};
