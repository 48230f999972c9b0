import { type Clock, sleep } from "#proto/vocabulary/clock.ts";

/** Long work gives way to everything else that waits for the event loop after so long. */
export const sliceMsMax = 10;

/** `await slices.pause()` between pieces of work; cheap where it is not yet time. */
export interface TimeSlices {
  pause(): Promise<void> | undefined;
}

/** `signal`: whoever waits in a pause goes on at once when it is aborted. */
export function createTimeSlices(clock: Clock, signal?: AbortSignal): TimeSlices {
  let sinceMs = clock.nowMonotonicMs();
  return {
    pause() {
      if (clock.nowMonotonicMs() - sinceMs < sliceMsMax) return undefined;
      return sleep(clock, 0, signal)
        .catch(() => {})
        .then(() => {
          sinceMs = clock.nowMonotonicMs();
        });
    },
  };
}
