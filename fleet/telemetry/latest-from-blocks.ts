import type { BlockColumn } from "./block-column.ts";
import type { RunHead } from "./block-section.ts";
import {
  placeRuns,
  readBlockDictionary,
  readColumns,
  readSectionHead,
  type BlockReadParts,
} from "./block-tracks.ts";
import type { Block } from "./blocks.ts";
import type { KnownHost } from "./host-table.ts";
import { applyReport, type LatestColumn, type LatestReport } from "./latest-values.ts";

/** Latest values of a host that is in no segment of the log: from its newest runs in a block. */
export async function latestFromBlock(
  parts: BlockReadParts,
  host: KnownHost,
  block: Block,
): Promise<void> {
  const section = block.find(host.number);
  if (section === undefined) return;
  const placed = placeRuns(section, await readSectionHead(parts.folder, block, section));
  const newestMs = Math.max(...placed.map(({ run }) => endOf(run)));
  for (const one of placed) {
    const { run } = one;
    // Of a host with several dictionaries at a time, the runs end in the same batch.
    if (endOf(run) < newestMs - longestReportMs(run)) continue;
    const dictionary = await readBlockDictionary(parts, block, run.dictionary);
    await readColumns(parts.folder, block, one, null, (column) => {
      const found = lastReportOf(run, column, dictionary.isCounter[column.series] === 1);
      if (found === null) return;
      const report = { ...found.report, receivedMs: block.newestReceivedMs };
      applyReport(host.latest, dictionary, report, [found.column]);
    });
  }
}

function endOf({ startMs, steps, stepMs }: RunHead): number {
  return startMs + steps * stepMs;
}

function longestReportMs({ reports, stepMs }: RunHead): number {
  return reports.reduce((longest, { steps }) => Math.max(longest, steps * stepMs), 0);
}

/** The newest report with a point of the series, cut down to that one column; null: none has. */
function lastReportOf(
  run: RunHead,
  { series, integers }: BlockColumn,
  isCounter: boolean,
): { readonly report: Omit<LatestReport, "receivedMs">; readonly column: LatestColumn } | null {
  const lastStep = integers.findLastIndex((integer) => !Number.isNaN(integer));
  const within = run.reports.findLast(({ start }) => start <= lastStep);
  if (lastStep < 0 || within === undefined) return null;
  const { start, steps } = within;
  const present = new Uint8Array((steps + 7) >>> 3);
  let sum = 0;
  for (let step = start; step <= lastStep; step += 1) {
    const integer = integers[step] ?? Number.NaN;
    if (Number.isNaN(integer)) continue;
    const bit = step - start;
    present[bit >>> 3] = (present[bit >>> 3] ?? 0) | (1 << (bit & 7));
    if (isCounter) sum += integer;
  }
  const last = integers[lastStep] ?? 0;
  return {
    report: { startMs: run.startMs + start * run.stepMs, stepMs: run.stepMs, steps },
    column: { series, present, summary: { last, sum } },
  };
}
