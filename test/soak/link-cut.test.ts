import { expect, test } from "vitest";
import { startCutProxy } from "#test/support/farm/cut-proxy.ts";
import { startTroubleRun } from "#test/support/farm/trouble-run.ts";
import { createBench } from "#test/support/programs.ts";

const bench = createBench();
/** Ten minutes; WWS_SOAK_CUT_SECONDS for a shorter look. */
const cutMs = Number(process.env["WWS_SOAK_CUT_SECONDS"] ?? 600) * 1_000;

test("a link cut of ten minutes between fifty agents and their manager loses nothing", {
  timeout: cutMs + 600_000,
}, async () => {
  let proxy: Awaited<ReturnType<typeof startCutProxy>> | undefined;
  const run = await startTroubleRun(bench, 50, async (port) => {
    proxy = await startCutProxy(port);
    return proxy.port;
  });
  proxy?.cut();
  await new Promise((resolve) => setTimeout(resolve, cutMs));
  proxy?.mend();
  await run.awaitAll(Date.now());
  await run.drained();
  const outcome = await run.judge();
  proxy?.close();
  process.stderr.write(`${JSON.stringify({ ...outcome, lost: outcome.lost.length })}\n`);
  expect(outcome.lost.slice(0, 5)).toEqual([]);
  expect(outcome.readable / outcome.taken).toBeGreaterThanOrEqual(0.999);
});
