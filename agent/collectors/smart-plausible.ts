import type { ImplausibleNumber } from "./smart-facts.ts";

/** Takes a number where physics allows it; what it does not is noted and null. */
export interface PlausibleNumbers {
  within(what: string, value: unknown, range: Range): number | null;
  readonly implausible: ImplausibleNumber[];
}

export interface Range {
  readonly min: number;
  readonly max: number;
  /** Whole numbers only. */
  readonly whole?: boolean;
}

/** `implausible` is added to, up to a limit. */
export function plausibleNumbers(implausible: ImplausibleNumber[] = []): PlausibleNumbers {
  return {
    implausible,
    within(what, value, { min, max, whole }) {
      // Text stands for a whole number that no double holds (smart-json.ts).
      if (typeof value === "string" && /^-?\d{1,64}$/.test(value)) {
        note(implausible, what, value);
        return null;
      }
      if (typeof value !== "number" || !Number.isFinite(value)) return null;
      if (value >= min && value <= max && (whole !== true || Number.isInteger(value))) return value;
      note(implausible, what, String(value));
      return null;
    },
  };
}

function note(implausible: ImplausibleNumber[], what: string, text: string): void {
  if (implausible.length < implausibleMax) implausible.push({ what, text: text.slice(0, 64) });
}

export const implausibleMax = 16;

/** What drives are built for, with room: flash throttles at 85 °C and stops at 100. */
export const plausible = {
  celsius: { min: -40, max: 120 },
  /** 57 years; the first drives that counted hours are of 1995. */
  hours: { min: 0, max: 500_000 },
  percent: { min: 0, max: 100 },
  /** One byte, over 100 allowed (NVMe base specification, SMART log). */
  percentUsed: { min: 0, max: 255 },
  byte: { min: 0, max: 255, whole: true },
  count: { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true },
  bytes: { min: 1, max: Number.MAX_SAFE_INTEGER, whole: true },
  /** 0: flash. The fastest spindles turn 15,000 times a minute. */
  rotation: { min: 0, max: 30_000 },
} as const satisfies Record<string, Range>;
