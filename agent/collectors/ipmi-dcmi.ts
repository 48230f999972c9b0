import type { AbsenceReason } from "#proto/vocabulary/absence.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { Milliwatts } from "#proto/vocabulary/units.ts";
import { keyValues } from "./ipmi-key-values.ts";

export interface DcmiProblem {
  readonly reason: AbsenceReason;
  readonly detail: string;
}

/** What a DCMI power reading shows. The figures besides the moment's may be years old. */
export interface DcmiReading {
  /** `activated`, `deactivated`, `Not Available`; null: not said. */
  readonly state: string | null;
  /** As it stands: also beside a state that means that it is none. */
  readonly shownWatts: number | null;
  readonly minimumWatts: number | null;
  readonly maximumWatts: number | null;
  readonly averageWatts: number | null;
  readonly periodSeconds: number | null;
}

/** `ipmitool dcmi power reading`, or FreeIPMI's `ipmi-dcmi --get-system-power-statistics`. */
export function parseDcmiReading(text: string): DcmiReading {
  const { values } = keyValues(text);
  const watts = (...keys: readonly string[]): number | null => {
    for (const key of keys) {
      const digits = /^(\d{1,6}) watts$/i.exec(values.get(key) ?? "")?.[1];
      if (digits !== undefined) return Number(digits);
    }
    return null;
  };
  const period = /^(\d{1,12}) (seconds|milliseconds)\.?$/i.exec(
    values.get("Sampling period") ?? values.get("Statistics reporting time period") ?? "",
  );
  return {
    state: values.get("Power reading state is") ?? values.get("Power Measurement") ?? null,
    shownWatts: watts("Instantaneous power reading", "Current Power"),
    minimumWatts: watts("Minimum during sampling period", "Minimum Power over sampling duration"),
    maximumWatts: watts("Maximum during sampling period", "Maximum Power over sampling duration"),
    averageWatts: watts(
      "Average power reading over sample period",
      "Average Power over sampling duration",
    ),
    periodSeconds:
      period === null ? null : Number(period[1]) / (/^milli/i.test(period[2] ?? "") ? 1000 : 1),
  };
}

/**
 * What the host draws now. A reading that is not activated, or not available, comes with a number all
 * the same: it is not taken. Minimum and maximum may be years old and are not used.
 */
export function parseDcmiPower(text: string): Result<Milliwatts, DcmiProblem> {
  const { state, shownWatts } = parseDcmiReading(text);
  if (state === null)
    return fail({
      reason: "unreadable-text",
      detail: "ipmitool dcmi power reading: no state line",
    });
  if (!/^(?:activated|active|available)$/i.test(state))
    return fail({
      reason: "switched-off",
      detail: `DCMI power reading is ${state.slice(0, 40)}; ipmitool dcmi power activate`,
    });
  if (shownWatts === null)
    return fail({
      reason: "unreadable-text",
      detail: "ipmitool dcmi power reading: no instantaneous reading",
    });
  // A host that runs this program draws something, and none fills a rack's feed alone.
  if (shownWatts < 1 || shownWatts > hostWattsMax)
    return fail({
      reason: "implausible",
      detail: `DCMI says ${shownWatts} W, outside 1 to ${hostWattsMax}`,
    });
  return ok((shownWatts * 1000) as Milliwatts);
}

export const hostWattsMax = 30_000;
