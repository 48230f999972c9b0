import type { AbsenceReason } from "#proto/vocabulary/absence.ts";
import { linesOf } from "./ipmi-sensor.ts";

export interface IpmiToolProblem {
  readonly reason: AbsenceReason;
  /** The line that says most. */
  readonly detail: string;
  /** How many lines there were. */
  readonly lines: number;
}

/**
 * What ipmitool and FreeIPMI print when they give nothing: the line that names the cause comes before
 * others that only follow from it. null: there is no such line.
 */
export function parseIpmiProblem(text: string): IpmiToolProblem | null {
  const lines = linesOf(text).filter((line) => line.trim() !== "");
  let best: { readonly reason: AbsenceReason; readonly detail: string; rank: number } | null = null;
  for (const line of lines) {
    const rank = causes.findIndex(({ form }) => form.test(line));
    const cause = causes[rank];
    if (cause === undefined || (best !== null && best.rank <= rank)) continue;
    const detail = line
      .replace(/^\s*Error:\s*/i, "")
      .trim()
      .slice(0, detailLengthMax);
    best = { reason: cause.reason, detail, rank };
  }
  return best === null ? null : { reason: best.reason, detail: best.detail, lines: lines.length };
}

/** Most telling first. */
const causes: readonly { readonly form: RegExp; readonly reason: AbsenceReason }[] = [
  { form: /permission denied|insufficient privilege/i, reason: "permission-denied" },
  { form: /could not open device|no such (?:file|device)/i, reason: "no-kernel-interface" },
  { form: /invalid command|not supported by|command not supported/i, reason: "not-supported" },
  { form: /timed? ?out|node busy|device busy|bmc busy/i, reason: "timed-out" },
  { form: /unable to establish|unable to send|driver (?:timeout|busy)/i, reason: "tool-failed" },
  { form: /fail|unable|error|not supported/i, reason: "tool-failed" },
];

const detailLengthMax = 120;
