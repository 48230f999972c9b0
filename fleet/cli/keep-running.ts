import type { Clock } from "#proto/vocabulary/clock.ts";
import type { ChildEnd, ChildProgram } from "./child-program.ts";

/** A child that is started again when it dies, with growing pauses, while starts come up. */
export interface KeptProgram {
  current(): ChildProgram;
  /** Too many starts in a row did not come up; resolves with the last end. Never otherwise. */
  readonly gaveUp: Promise<ChildEnd>;
  /** It said that starting it again does not help; resolves with that end. Never otherwise. */
  readonly over: Promise<ChildEnd>;
  stop(graceMs: number): Promise<void>;
  kill(): void;
}

export interface KeepLimits {
  readonly pauseMsMin: number;
  readonly pauseMsMax: number;
  /** The pause grows with the deaths within this time. */
  readonly windowMs: number;
  /** A child that lived so long, or said so itself, came up. */
  readonly cameUpMs: number;
  /** So many starts in a row that did not come up, and it is not started again. */
  readonly failedStartsMax: number;
}

export const keepDefaults: KeepLimits = {
  pauseMsMin: 500,
  pauseMsMax: 8_000,
  windowMs: 60_000,
  cameUpMs: 10_000,
  failedStartsMax: 5,
};

export function keepRunning(parts: {
  /** `cameUp` is for a child that can say so before `cameUpMs` are over. */
  readonly start: (cameUp: () => void) => ChildProgram;
  readonly clock: Clock;
  readonly limits: KeepLimits;
  /** Ends after which it is not started again, and that are nobody's failure. */
  readonly isOver?: (end: ChildEnd) => boolean;
  /** `restartMs` null: it is not started again. */
  readonly onDeath: (child: ChildProgram, end: ChildEnd, restartMs: number | null) => void;
}): KeptProgram {
  const { clock, limits } = parts;
  let deaths: number[] = [];
  let failedStarts = 0;
  let isStopping = false;
  let cancelRestart = (): void => {};
  const gaveUp = Promise.withResolvers<ChildEnd>();
  const over = Promise.withResolvers<ChildEnd>();

  const begin = (): ChildProgram => {
    const bornMs = clock.nowMonotonicMs();
    let isUp = false;
    const child = parts.start(() => {
      isUp = true;
    });
    void child.exited.then((end) => {
      if (isStopping) return;
      const now = clock.nowMonotonicMs();
      if (parts.isOver?.(end) === true) {
        parts.onDeath(child, end, null);
        over.resolve(end);
        return;
      }
      failedStarts = isUp || now - bornMs >= limits.cameUpMs ? 0 : failedStarts + 1;
      if (failedStarts >= limits.failedStartsMax) {
        parts.onDeath(child, end, null);
        gaveUp.resolve(end);
        return;
      }
      deaths = [...deaths.filter((at) => now - at < limits.windowMs), now];
      const pauseMs = Math.min(limits.pauseMsMax, limits.pauseMsMin * 2 ** (deaths.length - 1));
      parts.onDeath(child, end, pauseMs);
      cancelRestart = clock.after(pauseMs, () => {
        current = begin();
      });
    });
    return child;
  };
  let current = begin();

  return {
    current: () => current,
    gaveUp: gaveUp.promise,
    over: over.promise,
    stop: async (graceMs) => {
      isStopping = true;
      cancelRestart();
      await current.stop(graceMs);
    },
    kill: () => {
      isStopping = true;
      cancelRestart();
      current.kill();
    },
  };
}
