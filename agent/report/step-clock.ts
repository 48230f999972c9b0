import { type MonotonicMs, monotonicMs, type UnixMs } from "#proto/vocabulary/units.ts";
import type { StepGrid } from "./build-report.ts";

/**
 * When steps are taken. Steps lie on a grid of the monotonic clock whose marks are whole steps of
 * the corrected time of day. Each host looks a fixed part of a step after the mark, so that a fleet
 * does not look and send in the same instant; the point is stamped with the mark.
 */
export interface StepClock {
  readonly grid: StepGrid;
  /** Which step it is now, and what lies between it and the one before. */
  take(at: MonotonicMs): StepTaken;
  /** Time until the next step is to be taken. */
  waitMs(at: MonotonicMs): number;
  /** Mark of the step that is expected next; null before the first. */
  dueMs(): MonotonicMs | null;
}

export type StepTaken =
  /** Nothing is due. */
  | { readonly kind: "early" }
  /** `missed`: steps before it that nobody took. */
  | { readonly kind: "step"; readonly index: number; readonly missed: number }
  /** So many steps were missed that the host, or this process, must have stood still. */
  | {
      readonly kind: "woke";
      readonly index: number;
      readonly fromMonotonicMs: MonotonicMs;
      readonly toMonotonicMs: MonotonicMs;
    };

/** From this many missed steps on it is called a sleep, and told as a gap. */
export const sleptStepsMin = 5;

export interface StepClockSettings {
  readonly stepMs: number;
  /** Offset of the looks after the mark, 0 ≤ staggerMs < stepMs. */
  readonly staggerMs: number;
  readonly now: MonotonicMs;
  readonly unixOfNow: UnixMs;
  /** No step before this mark, and those after it are missed when they are not taken. */
  readonly dueMs: MonotonicMs | null;
}

export function createStepClock(settings: StepClockSettings): StepClock {
  const { stepMs, staggerMs, now, unixOfNow, dueMs } = settings;
  // Between monotonic zero and one step: an index means about the same time in every grid.
  const originMs = modulo(Math.floor(now) - unixOfNow, stepMs);
  let due = dueMs === null ? null : Math.max(0, Math.ceil((dueMs - originMs) / stepMs));

  const indexAt = (at: MonotonicMs): number => Math.floor((at - staggerMs - originMs) / stepMs);
  const markOf = (index: number): MonotonicMs => monotonicMs(originMs + index * stepMs);

  return {
    grid: { originMs, stepMs },
    take(at) {
      const index = indexAt(at);
      const expected = due ?? index;
      if (index < 0 || index < expected) return { kind: "early" };
      const missed = index - expected;
      due = index + 1;
      return missed < sleptStepsMin
        ? { kind: "step", index, missed }
        : {
            kind: "woke",
            index,
            fromMonotonicMs: markOf(expected),
            toMonotonicMs: markOf(index),
          };
    },
    waitMs: (at) => markOf(Math.max(indexAt(at) + 1, due ?? 0)) + staggerMs - at,
    dueMs: () => (due === null ? null : markOf(due)),
  };
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
