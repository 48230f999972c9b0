import type { Column, Gap, GapReason, Report, SeqRange } from "#proto/messages/report.ts";
import type { Dictionary } from "#proto/messages/series.ts";
import type { MetricKind } from "#proto/vocabulary/metric-definition.ts";
import { metrics } from "#proto/vocabulary/metrics.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import type { wws } from "#proto/generated/wire.js";
import { crc32, crc32OfUint32 } from "./crc32.ts";
import { digestFromWire, digestToWire } from "./dictionary-digest.ts";
import { enumWords } from "./enum-words.ts";
import { monotonicTime, timeOfDay, wholeNumber } from "./field-checks.ts";
import { type ColumnBytes, encodeSummary, verifyColumn } from "./summaries.ts";
import { refuse } from "./wire-error.ts";

const gapReasons = enumWords<GapReason>("unspecified", {
  unspecified: 0,
  "ring-full": 1,
  "agent-restarted": 2,
  "host-slept": 3,
  "too-large": 4,
});
const noBytes = new Uint8Array(0);

export function reportToWire(report: Report): wws.v1.Report.$Properties {
  let checksum = 0;
  const columns = report.columns.map(({ series, values, present, summary }) => {
    const column = { series, values, present, summary: encodeSummary(summary, values) };
    checksum = addToChecksum(checksum, series, column);
    return column;
  });
  return {
    seq: report.seq,
    dictionaryDigest: digestToWire(report.dictionary),
    startUnixMs: report.startMs,
    startMonotonicMs: report.startMonotonicMs,
    stepMs: report.stepMs,
    steps: report.steps,
    columns,
    gaps: report.gaps.map(gapToWire),
    checksum,
  };
}

/**
 * A report whose every column has been held against its summary, and all of them against the
 * checksum. With the session's `dictionary` (when it is the report's) each column is read as its
 * metric's kind and must be in the dictionary; without, either kind may fit.
 */
export function reportFromWire(
  fields: wws.v1.Report.$Properties,
  dictionary: Dictionary | undefined,
): Report {
  const digest = digestFromWire(fields.dictionaryDigest);
  if (digest === undefined) {
    return refuse("field-invalid", "report.dictionary_digest", "it is not 16 bytes");
  }
  const stepMs = wholeNumber(fields.stepMs, "report.step_ms", {
    min: 1,
    max: wireLimits.stepMsMax,
  });
  const steps = wholeNumber(fields.steps, "report.steps", {
    min: 1,
    max: wireLimits.stepsPerReportMax,
  });
  const startMs = timeOfDay(fields.startUnixMs, "report.start_unix_ms");
  timeOfDay(startMs + stepMs * steps, "report.start_unix_ms");
  const known = dictionary?.digest === digest ? dictionary : undefined;
  return {
    seq: wholeNumber(fields.seq, "report.seq", { min: 1 }),
    dictionary: digest,
    startMs,
    startMonotonicMs: monotonicTime(fields.startMonotonicMs, "report.start_monotonic_ms"),
    stepMs,
    steps,
    columns: columnsFromWire(fields, steps, known),
    gaps: (fields.gaps ?? []).map(gapFromWire),
  };
}

function columnsFromWire(
  report: wws.v1.Report.$Properties,
  steps: number,
  dictionary: Dictionary | undefined,
): readonly Column[] {
  let checksum = 0;
  let points = 0;
  let highest = -1;
  let isAscending = true;
  const columns = (report.columns ?? []).map((field): Column => {
    const series = field.series ?? 0;
    const values = field.values ?? noBytes;
    // protobufjs's own empty value is a Buffer.
    const present = field.present?.length ? field.present : noBytes;
    const bytes = { values, present, summary: field.summary ?? noBytes };
    const kind = findKind(series, dictionary);
    const verified = verifyColumn(bytes, steps, kind);
    if (!verified.ok)
      return refuse("column-mismatch", `report.columns(${series})`, verified.problem);
    checksum = addToChecksum(checksum, series, bytes);
    points += verified.value.count;
    if (points > wireLimits.pointsPerMessageMax) {
      refuse(
        "limit-exceeded",
        "report.columns",
        `more than ${wireLimits.pointsPerMessageMax} points`,
      );
    }
    isAscending &&= series > highest;
    highest = series;
    return { series, values, present, summary: verified.value };
  });
  if (checksum !== (report.checksum ?? 0)) {
    refuse("checksum-wrong", "report.checksum", "the columns are not those that were sent");
  }
  if (!isAscending && new Set(columns.map(({ series }) => series)).size < columns.length) {
    refuse("field-invalid", "report.columns", "one series has two columns");
  }
  return columns;
}

/** null: not known, because the dictionary is not at hand or the metric is of a newer agent. */
function findKind(series: number, dictionary: Dictionary | undefined): MetricKind | null {
  if (series >= wireLimits.seriesPerMessageMax) {
    refuse("limit-exceeded", "report.columns.series", `${series} is beyond the largest dictionary`);
  }
  if (dictionary === undefined) return null;
  const entry = dictionary.series[series];
  if (entry === undefined) {
    return refuse(
      "field-invalid",
      "report.columns.series",
      `the dictionary has no series ${series}`,
    );
  }
  return entry === null ? null : metrics[entry.metric].kind;
}

function addToChecksum(before: number, series: number, column: ColumnBytes): number {
  const withSeries = crc32OfUint32(series, before);
  const withValues = crc32(column.values, withSeries);
  return crc32(column.summary, crc32(column.present, withValues));
}

function gapToWire(gap: Gap): wws.v1.Gap.$Properties {
  return {
    fromUnixMs: gap.fromMs,
    // A wall clock that was set back in between must not cost the report.
    toUnixMs: Math.max(gap.fromMs, gap.toMs),
    reason: gapReasons.toNumber(gap.reason),
    firstSeq: gap.seqs?.first ?? null,
    lastSeq: gap.seqs?.last ?? null,
  };
}

function gapFromWire(field: wws.v1.Gap.$Properties): Gap {
  const fromMs = timeOfDay(field.fromUnixMs, "report.gaps.from_unix_ms");
  const toMs = timeOfDay(field.toUnixMs, "report.gaps.to_unix_ms");
  if (toMs < fromMs) refuse("field-invalid", "report.gaps", "a gap ends before it begins");
  const { firstSeq, lastSeq } = field;
  const hasSeqs = (firstSeq ?? null) !== null || (lastSeq ?? null) !== null;
  return {
    fromMs,
    toMs,
    reason: gapReasons.toWord(field.reason),
    seqs: hasSeqs
      ? seqRangeFromWire({ first: firstSeq ?? 0, last: lastSeq ?? 0 }, "report.gaps")
      : null,
  };
}

export function seqRangeFromWire(field: wws.v1.SeqRange.$Properties, where: string): SeqRange {
  const first = wholeNumber(field.first, `${where}.first`, { min: 1 });
  return { first, last: wholeNumber(field.last, `${where}.last`, { min: first }) };
}
