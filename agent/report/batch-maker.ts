import { dictionaryDigest } from "#proto/codec/dictionary-digest.ts";
import type { DictionaryDigest } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { buildReports, type StepGrid } from "./build-report.ts";
import { createDictionaryBook } from "./dictionary-book.ts";
import type { ReportRing } from "./report-ring.ts";
import type { SampleTable } from "./sample-table.ts";

/** Turns what the table took in into reports in the ring. */
export interface BatchMaker {
  /** Makes reports of all steps since the last time; false: no step was begun. */
  close(grid: StepGrid, lastStep: number): boolean;
  /** Whether any report was made yet. */
  hasMadeOne(): boolean;
  /** Of the report that is likely to be sent next. */
  nextDictionary(): DictionaryDigest;
  /** Cadences changed: the next report has a new dictionary. */
  forgetDictionaries(): void;
}

export interface BatchMakerParts {
  readonly table: SampleTable;
  readonly ring: ReportRing;
  readonly log: Log;
  readonly stepMs: () => number;
  /** End of the newest point of an earlier run that is on the manager's disk. */
  readonly acknowledgedBefore: UnixMs | null;
}

/** Silence after which a series is left out of the next dictionary. */
const keepSeriesMs = 900_000;

export function createBatchMaker(parts: BatchMakerParts): BatchMaker {
  const { table, ring, log } = parts;
  const book = createDictionaryBook({
    makeDictionary: (series) => ({ digest: dictionaryDigest(series), series }),
    series: table.series,
    lastHeardStep: table.lastHeardStep,
    seriesCount: table.seriesCount,
    keepSteps: Math.ceil(keepSeriesMs / parts.stepMs()),
    stepMs: parts.stepMs,
  });
  let acknowledgedBefore = parts.acknowledgedBefore;
  let leftOut = 0;
  let hasMadeOne = false;

  const sayLeftOut = (count: number): void => {
    if (count > 0 && leftOut === 0) {
      log.warn({ series: count }, "series come and go too fast: the newest are left out for now");
    }
    leftOut = count;
  };

  return {
    close(grid, lastStep) {
      const batch = table.take();
      if (batch === null) return false;
      const handles = batch.rows.map(({ handle }) => handle);
      const pages = book.covering(handles, lastStep);
      const { bodies, unpackable, leftOut: unheld } = buildReports(batch, pages, grid);
      for (const body of bodies) {
        if (acknowledgedBefore !== null) {
          // What the run before took and could not send is lost; this is when points begin again.
          ring.addGap({
            from: { unixMs: acknowledgedBefore },
            toMonotonicMs: body.startMonotonicMs,
            reason: "agent-restarted",
            seqs: null,
          });
          acknowledgedBefore = null;
        }
        ring.push(body);
        hasMadeOne = true;
      }
      sayLeftOut(unheld);
      if (unpackable > 0) log.warn({ columns: unpackable }, "values beyond what the wire holds");
      return true;
    },
    hasMadeOne: () => hasMadeOne,
    nextDictionary: () =>
      ring.find(ring.oldestSeq())?.dictionary ??
      book.firstPage()?.dictionary.digest ??
      dictionaryDigest([]),
    forgetDictionaries: book.forget,
  };
}
