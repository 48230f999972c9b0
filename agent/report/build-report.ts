import type { Column, Gap, Report } from "#proto/messages/report.ts";
import { packColumn } from "#proto/codec/columns.ts";
import { type MonotonicMs, monotonicMs, type UnixMs } from "#proto/vocabulary/units.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import type { DictionaryPage } from "./dictionary-book.ts";
import type { SampleBatch, SampleRow } from "./sample-table.ts";

/** A report but for its number, its gaps and the time of day, which depend on when it is kept. */
export interface ReportBody {
  readonly dictionary: DictionaryPage["dictionary"];
  readonly startMonotonicMs: MonotonicMs;
  readonly stepMs: number;
  readonly steps: number;
  readonly columns: readonly Column[];
}

export interface BuiltReports {
  readonly bodies: readonly ReportBody[];
  /** Columns that no message could carry: values outside what the wire holds exactly. */
  readonly unpackable: number;
  /** Series with points that stand on none of the pages. */
  readonly leftOut: number;
}

export interface StepGrid {
  /** Monotonic time of step 0; a step's own lies `index * stepMs` after it. */
  readonly originMs: number;
  readonly stepMs: number;
}

/**
 * A batch → as few reports as the limits of the wire allow: one for each page of the dictionary that
 * saw points, cut along time where one would have too many points or bytes.
 */
export function buildReports(
  batch: SampleBatch,
  pages: readonly DictionaryPage[],
  grid: StepGrid,
): BuiltReports {
  const bodies: ReportBody[] = [];
  const problems = { unpackable: 0 };
  let leftOut = batch.rows.length;
  for (const page of pages) {
    const rows = rowsOn(page, batch.rows);
    leftOut -= rows.length;
    if (rows.length === 0) continue;
    const stepsMax = Math.min(
      wireLimits.stepsPerReportMax,
      Math.max(1, Math.floor(wireLimits.pointsPerMessageMax / rows.length)),
    );
    for (let from = 0; from < batch.steps; from += stepsMax) {
      const to = Math.min(batch.steps, from + stepsMax);
      packSpan({ rows, page, firstStep: batch.firstStep, grid, problems, bodies }, from, to);
    }
  }
  return { bodies, unpackable: problems.unpackable, leftOut };
}

/** A row, and its number in the dictionary of the report. */
interface NumberedRow {
  readonly row: SampleRow;
  readonly series: number;
}

/** In the order of the page. */
function rowsOn(page: DictionaryPage, rows: readonly SampleRow[]): readonly NumberedRow[] {
  const numbered: NumberedRow[] = [];
  let isSorted = true;
  let before = -1;
  for (const row of rows) {
    const series = page.columnOf.get(row.handle);
    if (series === undefined) continue;
    if (series < before) isSorted = false;
    before = series;
    numbered.push({ row, series });
  }
  return isSorted ? numbered : numbered.sort((left, right) => left.series - right.series);
}

/** Completes a body. `anchorMs`: unix time at monotonic zero. */
export function toReport(
  body: ReportBody,
  given: { readonly seq: number; readonly startMs: UnixMs; readonly gaps: readonly Gap[] },
): Report {
  const { dictionary, startMonotonicMs, stepMs, steps, columns } = body;
  const { seq, startMs, gaps } = given;
  return {
    seq,
    dictionary: dictionary.digest,
    startMs,
    startMonotonicMs,
    stepMs,
    steps,
    columns,
    gaps,
  };
}

interface Span {
  readonly rows: readonly NumberedRow[];
  readonly page: DictionaryPage;
  readonly firstStep: number;
  readonly grid: StepGrid;
  readonly problems: { unpackable: number };
  readonly bodies: ReportBody[];
}

/** Leaves room for gaps and framing. */
const columnBytesMax = wireLimits.messageBytesMax - 32 * 1024;
/** Series number, summary, tags and lengths of one column. */
const columnOverheadBytes = 48;

function packSpan(span: Span, from: number, to: number): void {
  const columns: Column[] = [];
  let bytes = 0;
  let isTooWide = false;
  for (const { row, series } of span.rows) {
    const isAll = from === 0 && to === row.values.length;
    const values = isAll ? row.values : row.values.subarray(from, to);
    const present = presentBits(values);
    if (present === null) continue;
    const packed = packColumn({ values, present, kind: row.kind });
    if (!packed.ok) {
      // One step alone always packs; values far apart need fewer steps in one column.
      if (packed.problem.kind === "out-of-range" && to - from > 1) isTooWide = true;
      else span.problems.unpackable += 1;
      continue;
    }
    const { summary } = packed.value;
    columns.push({ series, values: packed.value.values, present: packed.value.present, summary });
    bytes += packed.value.values.length + packed.value.present.length + columnOverheadBytes;
  }
  const steps = to - from;
  if (isTooWide || (bytes > columnBytesMax && steps > 1)) {
    const middle = from + Math.floor(steps / 2);
    packSpan(span, from, middle);
    packSpan(span, middle, to);
    return;
  }
  if (columns.length === 0) return;
  const { originMs, stepMs } = span.grid;
  span.bodies.push({
    dictionary: span.page.dictionary,
    startMonotonicMs: monotonicMs(originMs + (span.firstStep + from) * stepMs),
    stepMs,
    steps,
    columns,
  });
}

/** Bitmap of the steps that are not NaN; null where there is none, empty where all are. */
function presentBits(values: Float64Array): Uint8Array | null {
  const steps = values.length;
  let seen = 0;
  for (let step = 0; step < steps; step += 1) if (!Number.isNaN(values[step])) seen += 1;
  if (seen === 0) return null;
  if (seen === steps) return everyStep;
  const bits = new Uint8Array((steps + 7) >>> 3);
  for (let step = 0; step < steps; step += 1) {
    if (Number.isNaN(values[step])) continue;
    bits[step >>> 3] = (bits[step >>> 3] ?? 0) | (1 << (step & 7));
  }
  return bits;
}

const everyStep = new Uint8Array(0);
