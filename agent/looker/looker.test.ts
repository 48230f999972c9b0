import { expect, test } from "vitest";
import type { ToolRequest } from "#agent/hardware/hardware-source.ts";
import { fail, ok } from "#proto/vocabulary/result.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createLooker } from "./looker.ts";
import { lookerLimits } from "./looker-limits.ts";

const files = {
  read: (path: string) => fail({ kind: "denied", path, errno: null } as const),
  list: () => ok([]),
  link: () => ok(""),
  openEnergy: () => ok(null),
};

/** Tools that end when the test says so. */
function rig() {
  const clock = createVirtualClock();
  const running: { readonly request: ToolRequest; readonly end: () => void }[] = [];
  const looker = createLooker({
    source: {
      ...createMemorySource(),
      runTool: (request) =>
        new Promise((resolve) => {
          const end = (): void => resolve(ok({ exitCode: 0, stdout: "done", stderr: "" }));
          running.push({ request, end });
        }),
    },
    files,
    clock,
  });
  return { clock, running, looker };
}

const ask = (tool: string, args: readonly string[]) => ({
  kind: "run",
  tool,
  args,
  timeoutMs: 1_000,
});
const scan = ask("smartctl", ["--scan-open"]);

test("a tool runs once at a time, two tools beside each other", async () => {
  const { looker, running, clock } = rig();
  const first = looker.answer(scan);
  const second = looker.answer(scan);
  const other = looker.answer(ask("ipmitool", ["mc", "info"]));
  await clock.settle();
  expect(running.map(({ request }) => request.tool)).toEqual(["smartctl", "ipmitool"]);
  expect(looker.busy()).toBe(3);
  running[0]?.end();
  running[1]?.end();
  await clock.settle();
  expect(running).toHaveLength(3);
  running[2]?.end();
  expect(await Promise.all([first, second, other])).toMatchObject([
    { ok: true },
    { ok: true },
    { ok: true },
  ]);
  expect([looker.busy(), clock.timers()]).toEqual([0, 0]);
});

test("a program that not even SIGKILL ends is told as late, and the queue behind it is bounded", async () => {
  const { looker, running, clock } = rig();
  const answers = Array.from({ length: lookerLimits.waitingPerToolMax + 3 }, () =>
    looker.answer(scan),
  );
  await clock.advance(1_000 + lookerLimits.killGraceMs);
  expect(await answers[0]).toMatchObject({ ok: false, problem: { kind: "timed-out" } });
  const tooMany = await Promise.all(answers.slice(-2));
  expect(tooMany).toMatchObject([
    { ok: false, problem: { kind: "failed" } },
    { ok: false, problem: { kind: "failed" } },
  ]);
  expect(running).toHaveLength(1);
});

test("a run that rejects is an answer, and the next in turn is run", async () => {
  let runs = 0;
  const runTool = () => {
    runs += 1;
    return Promise.reject(new Error("no memory"));
  };
  const source = { ...createMemorySource(), runTool };
  const looker = createLooker({ source, files, clock: createVirtualClock() });
  expect(await Promise.all([looker.answer(scan), looker.answer(scan)])).toMatchObject([
    { ok: false, problem: { kind: "failed" } },
    { ok: false, problem: { kind: "failed" } },
  ]);
  expect(runs).toBe(2);
});

test("what throws is an answer too", async () => {
  const looker = createLooker({
    source: createMemorySource(),
    files: {
      ...files,
      read: () => {
        throw new Error("broken");
      },
    },
    clock: createVirtualClock(),
  });
  expect(await looker.answer({ kind: "read", path: "/sys/x" })).toMatchObject({
    ok: false,
    problem: { kind: "refused", detail: "the looker failed: broken" },
  });
});
