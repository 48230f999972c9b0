import type { Clock } from "#proto/vocabulary/clock.ts";
import type { ChildEnd, ChildProgram } from "./child-program.ts";

/** A child that is started again when it dies, with growing pauses, up to a limit. */
export interface KeptProgram {
  current(): ChildProgram;
  /** It died too often; resolves with its last end. Never resolves otherwise. */
  readonly gaveUp: Promise<ChildEnd>;
  stop(graceMs: number): Promise<void>;
  kill(): void;
}

export interface KeepLimits {
  readonly pauseMsMin: number;
  readonly pauseMsMax: number;
  /** So many deaths within the window, and it is not started again. */
  readonly deathsMax: number;
  readonly windowMs: number;
}

export const keepDefaults: KeepLimits = {
  pauseMsMin: 500,
  pauseMsMax: 8_000,
  deathsMax: 5,
  windowMs: 60_000,
};

export function keepRunning(parts: {
  readonly start: () => ChildProgram;
  readonly clock: Clock;
  readonly limits: KeepLimits;
  /** `restartMs` null: it is not started again. */
  readonly onDeath: (child: ChildProgram, end: ChildEnd, restartMs: number | null) => void;
}): KeptProgram {
  const { clock, limits } = parts;
  let deaths: number[] = [];
  let isStopping = false;
  let cancelRestart = (): void => {};
  let giveUp: (end: ChildEnd) => void = () => {};
  const gaveUp = new Promise<ChildEnd>((resolve) => {
    giveUp = resolve;
  });

  const watch = (child: ChildProgram): ChildProgram => {
    void child.exited.then((end) => {
      if (isStopping) return;
      const now = clock.nowMonotonicMs();
      deaths = [...deaths.filter((at) => now - at < limits.windowMs), now];
      if (deaths.length >= limits.deathsMax) {
        parts.onDeath(child, end, null);
        giveUp(end);
        return;
      }
      const pauseMs = Math.min(limits.pauseMsMax, limits.pauseMsMin * 2 ** (deaths.length - 1));
      parts.onDeath(child, end, pauseMs);
      cancelRestart = clock.after(pauseMs, () => {
        current = watch(parts.start());
      });
    });
    return child;
  };
  let current = watch(parts.start());

  return {
    current: () => current,
    gaveUp,
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
