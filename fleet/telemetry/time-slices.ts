import { type Clock, sleep } from "#proto/vocabulary/clock.ts";

/** Long work gives way to everything else that waits for the event loop after so long. */
export const sliceMsMax = 10;

/** `await slices.pause()` between pieces of work; cheap where it is not yet time. */
export interface TimeSlices {
  pause(): Promise<void> | undefined;
}

export function createTimeSlices(clock: Clock): TimeSlices {
  let sinceMs = clock.nowMonotonicMs();
  return {
    pause() {
      if (clock.nowMonotonicMs() - sinceMs < sliceMsMax) return undefined;
      return sleep(clock, 0).then(() => {
        sinceMs = clock.nowMonotonicMs();
      });
    },
  };
}
