import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { VirtualClock } from "#test/support/virtual-clock.ts";

/** Runs something again and again, at times drawn so that it comes once in `everyMs` on average. */
export function drawTimes(parts: {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly everyMs: number;
  readonly run: () => void;
  readonly isOver: () => boolean;
}): void {
  const { clock, random, everyMs, run, isOver } = parts;
  const next = (): void => {
    const waitMs = Math.max(1, Math.round(-Math.log(1 - random.next()) * everyMs));
    clock.after(waitMs, () => {
      if (isOver()) return;
      run();
      next();
    });
  };
  next();
}
