import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type OrderFailPoint, orderFailPoints } from "#agent/commands/order-effects.ts";
import type { OrderAnswer } from "#fleet/executor/host-port.ts";
import type { OrderAction, OrderProgress } from "#proto/messages/orders.ts";
import type { HostId, OperationId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { createBench, type Program, until } from "#test/support/programs.ts";
import { type RealGateway, startRealGateway } from "#test/support/real-gateway.ts";

// A real agent in a process of its own, a real gateway over TLS, a hook, and a shell that works.
vi.setConfig({ testTimeout: 120_000 });

const bench = createBench();
const operationId = "01930000-0000-7000-8000-00000000000a" as OperationId;

let gateway: RealGateway;
let folder = "";
let hostId: HostId;
let agent: Program;
let told: OrderProgress[] = [];

beforeEach(async () => {
  gateway = await startRealGateway();
  folder = bench.folder();
  told = [];
  gateway.orders.onProgress((_, progress) => told.push(progress));
  writeWork();
});
afterEach(async () => {
  endWork();
  await gateway.close();
});

/** The workload: it says every 50 ms that it lives. The test looks at its file, never at the agent. */
function writeWork(): void {
  mkdirSync(join(folder, "data/drain.d"), { recursive: true });
  chmodSync(join(folder, "data"), 0o700);
  chmodSync(join(folder, "data/drain.d"), 0o755);
  mkdirSync(join(folder, "machine/proc"), { recursive: true });
  writeFileSync(join(folder, "machine/proc/loadavg"), "0.42 0.30 0.20 1/99 4242\n");
  writeFileSync(
    join(folder, "work.sh"),
    `#!/bin/sh
[ -f ${folder}/stubborn ] && trap '' TERM
echo $$ > ${folder}/pid
while :; do date +%s%N > ${folder}/heartbeat; sleep 0.05; done
`,
  );
  chmodSync(join(folder, "work.sh"), 0o755);
  writeFileSync(join(folder, "data/drain.d/beat"), hookText(), { mode: 0o755 });
}

function hookText(): string {
  return `#!/bin/sh
cd ${folder} || exit 1
alive() { [ -f pid ] && kill -0 "$(cat pid)" 2>/dev/null; }
say=$(cat)
case "$1" in
list)
  state=stopped
  alive && state=running
  printf '{"workloads":[{"name":"beat","state":"%s","detail":""}]}\\n' "$state"
  ;;
fence) touch fenced ;;
evacuate)
  alive || exit 0
  signal=TERM
  case "$say" in *'"force":true'*) signal=KILL ;; esac
  kill -$signal "$(cat pid)"
  ;;
halt) touch halted ;;
release)
  rm -f fenced
  case "$say" in *'"restart":true'*)
    if ! alive; then
      rm -f pid
      setsid ./work.sh </dev/null >/dev/null 2>&1 &
      while ! alive; do sleep 0.05; done
    fi
    ;;
  esac
  ;;
esac
`;
}

async function startWork(): Promise<void> {
  const { spawn } = await import("node:child_process");
  spawn(join(folder, "work.sh"), [], { detached: true, stdio: "ignore" }).unref();
  await until("the workload beats", () =>
    existsSync(join(folder, "heartbeat")) ? true : undefined,
  );
}

function endWork(): void {
  try {
    process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), "SIGKILL");
  } catch {
    // It has ended.
  }
}

const beat = (): string => readFileSync(join(folder, "heartbeat"), "utf8");

/** Whether the heartbeat file changes within half a second. */
async function isBeating(): Promise<boolean> {
  const before = beat();
  for (let look = 0; look < 25; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (beat() !== before && beat() !== "") return true;
  }
  return false;
}

async function startAgent(failAt?: OrderFailPoint): Promise<void> {
  const args = ["run", "--data", join(folder, "data"), "--root", join(folder, "machine")];
  args.push("--config", join(folder, "agent.toml"), "--manager", `127.0.0.1:${gateway.port}`);
  writeFileSync(join(folder, "agent.toml"), "");
  const isFirst = !existsSync(join(folder, "data/journal.json"));
  agent = bench.start("test/support/agent-with-fail-point.ts", args, {
    ...(isFirst && { WWS_JOIN_TOKEN: await gateway.token("web-1") }),
    ...(failAt !== undefined && { WWS_TEST_FAIL_AT: failAt }),
  });
  hostId = await until("the agent has a session", async () => {
    const id = await gateway.hostId("web-1");
    return id !== undefined && gateway.isLive(id) ? id : undefined;
  });
}

async function order(action: OrderAction, epoch = 7): Promise<OrderAnswer> {
  const asked = { operationId, epoch, generation: 1, serial: null, action };
  const answer = await gateway.orders.order(hostId, asked, 60_000);
  if (!answer.ok) throw new Error(`${action.kind}: ${answer.problem.kind}`);
  return answer.value;
}

const evacuate = (force: boolean, inMs: number): OrderAction => ({
  kind: "evacuate",
  deadlineMs: unixMs(Date.now() + inMs),
  graceMs: 1_000,
  force,
});

const ended = (state: OrderProgress["state"]) =>
  until(`the evacuation has ${state}`, () => told.find((progress) => progress.state === state));

/** Fence, evacuate, prove, release; each seen by the workload's own file. */
async function drainAndReturn(): Promise<void> {
  expect(await order({ kind: "fence" })).toMatchObject({
    result: "done",
    evidence: { epoch: 7, isFenced: true },
  });
  expect(existsSync(join(folder, "fenced"))).toBe(true);
  expect(await order(evacuate(false, 600_000))).toMatchObject({ result: "done" });
  await ended("ended");
  expect(await isBeating()).toBe(false);
  const proof = await order({ kind: "prove-empty" });
  expect(proof).toMatchObject({
    result: "done",
    evidence: { isFenced: true, workloads: [], tenantMounts: [], unasked: [] },
  });
  expect(await order({ kind: "release", restart: true })).toMatchObject({
    result: "done",
    evidence: { isFenced: false },
  });
  await until("it beats again", async () => ((await isBeating()) ? true : undefined));
  expect(existsSync(join(folder, "fenced"))).toBe(false);
}

test("a host is fenced, evacuated, proven empty and given back", async () => {
  await startWork();
  await startAgent();
  await drainAndReturn();
  expect((await order({ kind: "fence" }, 6)).detail).toBe(
    "epoch 6 is over: this host has seen epoch 7",
  );
  writeFileSync(join(folder, "data/hold"), "anna swaps a disk\n");
  expect((await order({ kind: "fence" }, 8)).detail).toBe(
    `this host is held by ${join(folder, "data/hold")}: anna swaps a disk; remove the file to go on`,
  );
});

test("work that refuses to stop is told as failed at the deadline, and ended hard only when forced", async () => {
  writeFileSync(join(folder, "stubborn"), "");
  await startWork();
  await startAgent();
  await order({ kind: "fence" });
  await order(evacuate(false, 2_500));
  const failed = await ended("failed");
  expect(failed.workloads).toMatchObject([{ name: "hook/beat:beat", state: "stuck" }]);
  expect(await isBeating()).toBe(true);
  expect((await order({ kind: "prove-empty" })).evidence?.workloads.length).toBe(1);
  await order(evacuate(true, 1_000));
  await ended("ended");
  expect(await isBeating()).toBe(false);
});

test.each(orderFailPoints)("killed with -9 at %s, a drain comes to the same end", async (point) => {
  await startWork();
  await startAgent(point);
  const killed = agent.exited.then(async ({ signal }) => {
    expect(signal).toBe("SIGKILL");
    await startAgent();
  });
  await drainAndReturn();
  await killed;
});
