import type { AbsenceReason } from "#proto/vocabulary/absence.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { Milliwatts } from "#proto/vocabulary/units.ts";

export interface DcmiProblem {
  readonly reason: AbsenceReason;
  readonly detail: string;
}

/**
 * `ipmitool dcmi power reading` → what the host draws now. A reading that is not activated comes
 * with a number all the same: it is not taken. Minimum and maximum may be years old and are not used.
 */
export function parseDcmiPower(text: string): Result<Milliwatts, DcmiProblem> {
  const state = /^[ \t]*Power reading state is:(.*)$/m.exec(text)?.[1]?.trim();
  if (state === undefined || state === "")
    return fail({
      reason: "unreadable-text",
      detail: "ipmitool dcmi power reading: no state line",
    });
  if (state !== "activated")
    return fail({
      reason: "switched-off",
      detail: `DCMI power reading is ${state}; ipmitool dcmi power activate`,
    });
  const digits = /^[ \t]*Instantaneous power reading:[ \t]*(\d{1,6}) Watts[ \t\r]*$/m.exec(
    text,
  )?.[1];
  if (digits === undefined)
    return fail({
      reason: "unreadable-text",
      detail: "ipmitool dcmi power reading: no instantaneous reading",
    });
  const watts = Number(digits);
  // A host that runs this program draws something, and none fills a rack's feed alone.
  if (watts < 1 || watts > hostWattsMax)
    return fail({
      reason: "implausible",
      detail: `DCMI says ${watts} W, outside 1 to ${hostWattsMax}`,
    });
  return ok((watts * 1000) as Milliwatts);
}

export const hostWattsMax = 30_000;
