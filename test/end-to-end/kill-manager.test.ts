import { expect, test } from "vitest";
import { startTroubleRun } from "#test/support/farm/trouble-run.ts";
import { createBench } from "#test/support/programs.ts";

const bench = createBench();

/** The long form, ten kills under fifty agents, is in test/real. */
test("two kill -9 of the manager under ten agents lose nothing that was acknowledged", {
  timeout: 180_000,
}, async () => {
  const run = await startTroubleRun(bench, 10);
  for (let kill = 0; kill < 2; kill += 1) {
    await run.killManager();
    await run.awaitAll(Date.now());
  }
  const outcome = await run.judge();
  expect(outcome.lost.slice(0, 5)).toEqual([]);
  expect(outcome.acknowledged).toBeGreaterThan(10 * 3 * 10);
  expect(outcome.readable / outcome.taken).toBeGreaterThanOrEqual(0.999);
});
