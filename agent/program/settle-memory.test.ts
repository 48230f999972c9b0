import { expect, test } from "vitest";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { settleMemory } from "./settle-memory.ts";

test("memory is given back half a minute after the start, then each hour, until stopped", async () => {
  const clock = createVirtualClock();
  let collected = 0;
  const stop = settleMemory(clock, () => {
    collected += 1;
  });
  await clock.advance(29_000);
  expect(collected).toBe(0);
  await clock.advance(2_000);
  const once = collected;
  expect(once).toBeGreaterThan(0);
  await clock.advance(3_600_000);
  expect(collected).toBe(2 * once);
  stop();
  await clock.advance(7_200_000);
  expect(collected).toBe(2 * once);
});

test("without --expose-gc nothing happens", () => {
  expect(() => settleMemory(createVirtualClock(), undefined)()).not.toThrow();
});
