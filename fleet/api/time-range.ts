import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { ApiError } from "./problems.ts";

export const pointsByDefaultMax = 1_000;
const rangeByDefaultMs = 15 * 60_000;
/** The newest second is on disk some time after it was measured; a younger end only shows holes. */
const newestPointAgeMsMax = 60_000;

export interface TimeRange {
  readonly fromMs: UnixMs;
  readonly toMs: UnixMs;
  readonly stepMs: number;
}

/**
 * What `from`, `to` and `step` of a question mean. Without `to` the range ends with the newest point
 * that is on disk when that is less than a minute old, else now. Without `step` the finest of the
 * usual steps that gives at most 1,000 points. Both ends are widened to multiples of the step.
 */
export function readTimeRange(
  asked: {
    readonly from?: string | undefined;
    readonly to?: string | undefined;
    readonly step?: string | undefined;
  },
  known: { readonly nowMs: number; readonly newestMs: number | null },
): TimeRange {
  const { nowMs, newestMs } = known;
  const isFresh = newestMs !== null && newestMs <= nowMs && nowMs - newestMs < newestPointAgeMsMax;
  const end = isFresh ? newestMs + 1_000 : nowMs;
  const toMs = asked.to === undefined ? end : readTime("to", asked.to, nowMs);
  const fromMs =
    asked.from === undefined ? toMs - rangeByDefaultMs : readTime("from", asked.from, nowMs);
  if (fromMs >= toMs) {
    throw new ApiError("time-range-invalid", `from (${fromMs}) does not lie before to (${toMs})`);
  }
  const stepMs = asked.step === undefined ? usualStep(toMs - fromMs) : readStep(asked.step);
  return {
    fromMs: unixMs(Math.floor(fromMs / stepMs) * stepMs),
    toMs: unixMs(Math.ceil(toMs / stepMs) * stepMs),
    stepMs,
  };
}

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Unix milliseconds, `now`, or a time before now: `-15m`. */
export function readTime(name: string, text: string, nowMs: number): number {
  if (text === "now") return nowMs;
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  const [, count, unit] = /^(?:now)?-([0-9]{1,9})(s|m|h|d)$/.exec(text) ?? [];
  const length = unitMs[unit ?? ""];
  if (count === undefined || length === undefined) {
    throw new ApiError("time-range-invalid", `${name} "${text.slice(0, 40)}" is no time`, {
      hint: `write ${name} in unix milliseconds, or relative to now: -90s, -15m, -6h, -2d`,
    });
  }
  return nowMs - Number(count) * length;
}

/** A length of time: `15m`, `24h`, `30d`. */
export function readSpanMs(name: string, text: string): number {
  const [, count, unit] = /^([0-9]{1,6})(s|m|h|d)$/.exec(text) ?? [];
  const spanMs = Number(count) * (unitMs[unit ?? ""] ?? Number.NaN);
  if (!Number.isSafeInteger(spanMs) || spanMs <= 0) {
    throw new ApiError(
      "time-range-invalid",
      `${name} "${text.slice(0, 40)}" is no length of time`,
      {
        hint: `write ${name} as in 15m, 24h, 30d`,
      },
    );
  }
  return spanMs;
}

function readStep(text: string): number {
  const [, count, unit] = /^([0-9]{1,9})(ms|s|m|h|d)?$/.exec(text) ?? [];
  const stepMs = Number(count) * (unitMs[unit ?? "ms"] ?? Number.NaN);
  if (!Number.isSafeInteger(stepMs) || stepMs <= 0 || stepMs % 1_000 !== 0) {
    throw new ApiError("time-range-invalid", `step "${text.slice(0, 40)}" is no step`, {
      hint: "write whole seconds: 1s, 10s, 5m, 1h; a bare number is milliseconds, as in 1000",
    });
  }
  return stepMs;
}

const usualSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400,
].map((seconds) => seconds * 1_000);

function usualStep(spanMs: number): number {
  const fine = usualSteps.find((stepMs) => spanMs / stepMs <= pointsByDefaultMax);
  if (fine !== undefined) return fine;
  return Math.ceil(spanMs / pointsByDefaultMax / 86_400_000) * 86_400_000;
}
