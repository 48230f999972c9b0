import type { Spool } from "./host-table.ts";
import { opensRun } from "./seq-spans.ts";
import type { ReportEntry } from "./telemetry.ts";
import { TelemetryError } from "./telemetry-error.ts";

/**
 * The runs of a spool take memory, so there is a limit to them. A hole is never closed to keep to it:
 * a report in the hole would then be told as stored although it never came. Reports that lengthen a
 * run or fill a hole are always taken: sending what is missing next to a run makes room again.
 * Throws TelemetryError `STORE_BUSY`.
 */
export function requireRunLeft(spool: Spool, { report }: ReportEntry, runsMax: number): void {
  const { spans, inFlight } = spool;
  const { seq, gaps } = report;
  // Each report on its way to the disk may open a run too.
  const taken = spans.length + (inFlight?.size ?? 0);
  if (taken + 1 + gaps.length <= runsMax) return;
  const isBesideOneInFlight = inFlight?.has(seq - 1) === true || inFlight?.has(seq + 1) === true;
  let opened = !isBesideOneInFlight && opensRun(spans, { first: seq, last: seq }) ? 1 : 0;
  for (const { seqs } of gaps) if (seqs !== null && opensRun(spans, seqs)) opened += 1;
  if (opened === 0 || taken + opened <= runsMax) return;
  throw new TelemetryError(
    "STORE_BUSY",
    `report ${seq} would be beside no other of its spool, which has ${spans.length} runs of reports already: those next to them must come first`,
  );
}
