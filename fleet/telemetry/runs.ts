import { unpackColumn } from "#proto/codec/columns.ts";
import type { BootId, SpoolId } from "#proto/vocabulary/ids.ts";
import type { Gap } from "#proto/messages/report.ts";
import type { KnownDictionary } from "./dictionaries.ts";
import { type ReportHead, takeReportHead, visitColumns } from "./report-record.ts";

/**
 * Reports of one host that follow each other on one grid of time, as one column a series. What a
 * report began is kept: an increment reaches back within its report only.
 */
export interface Run {
  readonly dictionary: KnownDictionary;
  readonly spoolId: SpoolId;
  readonly bootId: BootId;
  readonly startMs: number;
  readonly stepMs: number;
  steps: number;
  /** Of each report, ascending: first step, number of steps. */
  readonly reports: { readonly start: number; readonly steps: number }[];
  /** By series; NaN where nothing was seen. Longer than `steps`. */
  readonly columns: Map<number, Float64Array>;
}

export interface HostRuns {
  readonly runs: readonly Run[];
  readonly gaps: readonly Gap[];
  readonly samples: number;
}

/** Where one run would take more memory than this many points, it is cut. */
export const runPointsMax = 1_000_000;
/** Steps without any report that a run may bridge. */
const holeStepsMax = 3_600;

export interface RunBuilder {
  add(payload: Uint8Array, dictionary: KnownDictionary): void;
  finish(): HostRuns;
}

/**
 * Builds the runs of one host from its records, given in the order in which later ones take the
 * place of earlier ones. `share` tells whether two dictionaries have a series in common;
 * `stepsExpected` saves growing the columns again and again.
 */
export function createRunBuilder(
  share: (left: KnownDictionary, right: KnownDictionary) => boolean,
  stepsExpected = 0,
): RunBuilder {
  const runs: Run[] = [];
  const gaps: Gap[] = [];
  /** Runs that may still grow: at most one a dictionary, and none that share a series. */
  let open: Run[] = [];
  let samples = 0;

  const runFor = (head: ReportHead, dictionary: KnownDictionary): Run => {
    const candidate = open.find((run) => run.dictionary === dictionary);
    if (candidate !== undefined && mayGrow(candidate, head)) return candidate;
    open = open.filter(
      (run) => run.dictionary !== dictionary && !share(run.dictionary, dictionary),
    );
    const { spoolId, bootId, startMs, stepMs } = head;
    const run: Run = {
      dictionary,
      spoolId,
      bootId,
      startMs,
      stepMs,
      steps: 0,
      reports: [],
      columns: new Map(),
    };
    runs.push(run);
    open.push(run);
    return run;
  };

  return {
    add(payload, dictionary) {
      const cursor = { bytes: payload, at: 0 };
      const head = takeReportHead(cursor);
      gaps.push(...head.gaps);
      if (head.steps === 0) return;
      const run = runFor(head, dictionary);
      const start = (head.startMs - run.startMs) / run.stepMs;
      run.reports.push({ start, steps: head.steps });
      run.steps = start + head.steps;
      visitColumns(cursor, head.steps, ({ series, values, present }) => {
        const column = columnOf(run, series, stepsExpected);
        const kind = dictionary.isCounter[series] === 1 ? "counter" : "gauge";
        unpackColumn({ values, present }, head.steps, kind, column.subarray(start));
        for (let step = start; step < run.steps; step += 1) {
          if (!Number.isNaN(column[step])) samples += 1;
        }
      });
    },
    finish: () => ({ runs, gaps, samples }),
  };
}

function mayGrow(run: Run, head: ReportHead): boolean {
  const start = (head.startMs - run.startMs) / run.stepMs;
  return (
    run.stepMs === head.stepMs &&
    run.bootId === head.bootId &&
    run.spoolId === head.spoolId &&
    Number.isInteger(start) &&
    start >= run.steps &&
    start - run.steps <= holeStepsMax &&
    (start + head.steps) * run.dictionary.seriesCount <= runPointsMax
  );
}

function columnOf(run: Run, series: number, stepsExpected: number): Float64Array {
  const before = run.columns.get(series);
  if (before !== undefined && before.length >= run.steps) return before;
  const usual = Math.min(stepsExpected, Math.floor(runPointsMax / run.dictionary.seriesCount));
  const room = Math.max(run.steps, before === undefined ? usual : before.length * 2);
  const column = new Float64Array(room).fill(Number.NaN);
  if (before !== undefined) column.set(before);
  run.columns.set(series, column);
  return column;
}
