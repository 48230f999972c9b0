import { describe, expect, test } from "vitest";
import { type CancelTimer, type Clock, sleep } from "./clock.ts";
import { monotonicMs, unixMs } from "./units.ts";

/** One timer at a time, fired by hand. */
function handClock() {
  const timers: { readonly delayMs: number; readonly fire: () => void; isCancelled: boolean }[] =
    [];
  const clock: Clock = {
    nowUnixMs: () => unixMs(0),
    nowMonotonicMs: () => monotonicMs(0),
    after(delayMs, fire): CancelTimer {
      const timer = { delayMs, fire, isCancelled: false };
      timers.push(timer);
      return () => {
        timer.isCancelled = true;
      };
    },
  };
  return { clock, timers };
}

describe("sleep", () => {
  test("ends when its timer fires", async () => {
    const { clock, timers } = handClock();
    const slept = sleep(clock, 250);
    expect(timers[0]?.delayMs).toBe(250);
    timers[0]?.fire();
    await expect(slept).resolves.toBeUndefined();
  });

  test("ends with the signal's reason, and cancels its timer", async () => {
    const { clock, timers } = handClock();
    const controller = new AbortController();
    const slept = sleep(clock, 250, controller.signal);
    controller.abort(new Error("stopping"));
    await expect(slept).rejects.toThrow("stopping");
    expect(timers[0]?.isCancelled).toBe(true);
  });

  test("sets no timer when it is aborted before it begins", async () => {
    const { clock, timers } = handClock();
    await expect(sleep(clock, 250, AbortSignal.abort(new Error("over")))).rejects.toThrow("over");
    expect(timers).toHaveLength(0);
  });

  test("no longer listens to the signal once it has ended", async () => {
    const { clock, timers } = handClock();
    const controller = new AbortController();
    const slept = sleep(clock, 250, controller.signal);
    timers[0]?.fire();
    await slept;
    controller.abort();
    expect(timers[0]?.isCancelled).toBe(false);
  });
});
