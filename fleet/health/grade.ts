import type { Bounds, CountBounds } from "./thresholds.ts";
import type { FindingVerdict } from "./verdict.ts";

export interface Grade {
  readonly level: FindingVerdict | null;
  readonly floor: FindingVerdict | null;
}

export const fine: Grade = { level: null, floor: null };

export function certain(verdict: FindingVerdict): Grade {
  return { level: verdict, floor: verdict };
}

/** Of something that is worse the higher it is: raised from `raise` on, cleared below `clear`. */
export function gradeHigh(value: number, bounds: Bounds): Grade {
  return grade(bounds, (bound) => ({ isOn: value >= bound.raise, isHeld: value >= bound.clear }));
}

/** Of something that is worse the lower it is: raised down from `raise`, cleared above `clear`. */
export function gradeLow(value: number, bounds: Bounds): Grade {
  return grade(bounds, (bound) => ({ isOn: value <= bound.raise, isHeld: value <= bound.clear }));
}

/** Of a count: of how high it is and of what it grew in 24 hours. */
export function gradeCount(value: number, grown: number, bounds: CountBounds): Grade {
  const reaches = (figure: number, from: number | null): boolean => from !== null && figure >= from;
  if (reaches(value, bounds.failingFrom) || reaches(grown, bounds.failingGrowth))
    return certain("failing");
  if (reaches(value, bounds.degradedFrom) || reaches(grown, bounds.degradedGrowth))
    return certain("degraded");
  return fine;
}

function grade(
  { degraded, failing }: Bounds,
  stand: (bound: { readonly raise: number; readonly clear: number }) => {
    readonly isOn: boolean;
    readonly isHeld: boolean;
  },
): Grade {
  const low = degraded === undefined ? { isOn: false, isHeld: false } : stand(degraded);
  const high = failing === undefined ? { isOn: false, isHeld: false } : stand(failing);
  if (!low.isHeld && !high.isHeld && !low.isOn && !high.isOn) return fine;
  const level = high.isOn ? "failing" : low.isOn ? "degraded" : null;
  const floor = high.isOn || high.isHeld ? "failing" : low.isOn || low.isHeld ? "degraded" : null;
  return { level, floor };
}
