import { expect, test } from "vitest";
import { startTroubleRun } from "#test/support/farm/trouble-run.ts";
import { createBench } from "#test/support/programs.ts";

const bench = createBench();

test("ten kill -9 of the manager in a row under fifty agents lose nothing that was acknowledged", {
  timeout: 900_000,
}, async () => {
  const run = await startTroubleRun(bench, 50);
  for (let kill = 0; kill < 10; kill += 1) {
    await run.killManager();
    await run.awaitAll(Date.now());
  }
  const outcome = await run.judge();
  process.stderr.write(`${JSON.stringify({ ...outcome, lost: outcome.lost.length })}\n`);
  expect(outcome.hosts).toBe(50);
  expect(outcome.lost.slice(0, 5)).toEqual([]);
  expect(outcome.readable / outcome.taken).toBeGreaterThanOrEqual(0.999);
});
