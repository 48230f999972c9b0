import { expect, test } from "vitest";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { settleMemory } from "./settle-memory.ts";

test("memory is given back half a minute after the start, then ever more seldom, at last each hour, until stopped", async () => {
  const clock = createVirtualClock();
  const times: number[] = [];
  const stop = settleMemory(clock, () => {
    times.push(Math.round(clock.nowMonotonicMs() / 1_000));
  });
  const startS = Math.round(clock.nowMonotonicMs() / 1_000);
  await clock.advance(5 * 3_600_000);
  stop();
  await clock.advance(5 * 3_600_000);
  const sinceStart = times.map((seconds) => seconds - startS);
  expect(sinceStart).toEqual([
    ...[30, 30, 30, 30, 90, 210, 450, 930, 1_890, 3_810],
    ...[3_810 + 3_600, 3_810 + 7_200, 3_810 + 10_800],
  ]);
});

test("without --expose-gc nothing happens", () => {
  expect(() => settleMemory(createVirtualClock(), undefined)()).not.toThrow();
});
