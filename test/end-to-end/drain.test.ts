import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HeartbeatWorkload, startHeartbeat } from "#test/support/heartbeat-workload.ts";
import { childrenOf, createBench, type ProgramEnd, until } from "#test/support/programs.ts";
import { environmentOf, type RunningManager, startHere } from "#test/support/running-manager.ts";

const bench = createBench("all");
let place: { data: string; port: number };
let manager: RunningManager;
let workload: HeartbeatWorkload;
let host: string;

beforeAll(async () => {
  place = { data: join(bench.folder(), "data"), port: await bench.freePort() };
  workload = startHeartbeat(bench.folder(), join(place.data, "agent/drain.d"));
  manager = await startHere(bench, place);
  host = (await manager.thisMachine()).name;
}, 60_000);
afterAll(() => workload.end());

const fleet = (...args: string[]): Promise<ProgramEnd> =>
  bench.run("fleet/main.ts", args, environmentOf(place));

test("the machine that npm start runs on is managed, not only watched", async () => {
  const { watchedOnly, adopted } = await manager.thisMachine();
  expect([watchedOnly, adopted]).toEqual([false, true]);
  expect((await fleet("host", "show", host)).stdout).toMatch(
    /^lifecycle +active \(adopted as it stood\)$/m,
  );
});

test("one command drains it: the workload is silent, and return starts it again", {
  timeout: 120_000,
}, async () => {
  await workload.awaitBeating();
  const drained = await fleet("host", "drain", host, "--reason", "fan 3 is loud", "--wait");
  expect(drained.stderr).toMatch(/prove done in .*: empty at epoch \d+: agent and tenancy agree/);
  expect([drained.code, drained.stdout]).toEqual([0, `Drain ${host}: done\n`]);
  expect(await workload.isSilent()).toBe(true);
  expect(await manager.thisMachine()).toMatchObject({ phase: "drained", lifecycle: "drained" });

  const returned = await fleet("host", "return", host, "--reason", "fan changed", "--wait");
  expect([returned.code, returned.stdout]).toEqual([0, `Return ${host}: done\n`]);
  await workload.awaitBeating();
  const { phase, holds, schedulable } = await manager.thisMachine();
  expect([phase, holds, schedulable.isSchedulable]).toEqual(["active", [], true]);
});

test("a workload that refuses to stop leaves the drain paused and explained; force ends it", {
  timeout: 120_000,
}, async () => {
  await workload.awaitBeating();
  workload.refuse(true);
  const refused = await fleet(
    ...["host", "drain", host, "--reason", "fan 3 is loud", "--wait"],
    ...["--deadline", "4s", "--grace", "1s"],
  );
  expect(refused.code).toBe(6);
  expect(refused.stderr).toMatch(/paused: .*hook\/beat:job/);
  expect(await workload.isSilent()).toBe(false);
  const explained = await fleet("host", "explain", host);
  expect(explained.stdout).toMatch(/^waits for .*hook\/beat:job/m);
  expect(explained.stdout).toMatch(/ends it +.*wws-fleet host drain .* --force --reason/);

  const forced = await fleet(
    ...["host", "drain", host, "--reason", "it hangs", "--wait"],
    ...["--force", "--deadline", "6s", "--grace", "1s"],
  );
  expect([forced.code, forced.stdout], forced.stderr).toEqual([0, `Drain ${host}: done\n`]);
  expect(await workload.isSilent()).toBe(true);
  await fleet("host", "return", host, "--reason", "fan changed", "--wait");
  await workload.awaitBeating();
});

test("a drain that is canceled leaves the host active and its work running", {
  timeout: 120_000,
}, async () => {
  workload.refuse(true);
  const begun = await fleet("host", "drain", host, "--reason", "fan 3 is loud");
  expect(begun.code).toBe(0);
  const operation = await until("it waits for the workload", async () => {
    const [newest] = (await manager.client.operations({ host, limit: 1 })).items;
    return newest?.step === "evacuate" && newest.status === "running" ? newest : undefined;
  });
  const canceled = await fleet("op", "cancel", operation.id, "--reason", "it was the other fan");
  expect(canceled.code).toBe(0);
  await fleet("host", "uncordon", host, "--reason", "it was the other fan");
  await until("it takes new work again", async () => {
    const { phase, op, schedulable } = await manager.thisMachine();
    return phase === "active" && op === null && schedulable.isSchedulable ? true : undefined;
  });
  await workload.awaitBeating();
  workload.refuse(false);
});

test("a manager that is killed in the middle changes nothing in the outcome", {
  timeout: 120_000,
}, async () => {
  await workload.awaitBeating().catch(() => {});
  workload.refuse(true);
  const draining = fleet("host", "drain", host, "--reason", "fan 3 is loud", "--wait");
  await until("it waits for the workload", async () => {
    const { op } = await manager.thisMachine();
    return op?.step === "evacuate" ? true : undefined;
  });
  const [killed] = childrenOf(manager.program.pid).filter(({ command }) =>
    command.includes("fleet/main.ts"),
  );
  process.kill(killed?.pid ?? 0, "SIGKILL");
  await until("another manager answers", async () => {
    const [now] = childrenOf(manager.program.pid).filter(({ command }) =>
      command.includes("fleet/main.ts"),
    );
    if (now === undefined || now.pid === killed?.pid) return undefined;
    return (await fetch(`${manager.url}/readyz`)).ok ? true : undefined;
  });
  workload.refuse(false);
  const { code, stdout, stderr } = await draining;
  expect([code, stdout], stderr).toEqual([0, `Drain ${host}: done\n`]);
  expect(stderr).toContain("the manager does not answer; waiting for it");
  expect(await workload.isSilent()).toBe(true);
  expect((await manager.thisMachine()).phase).toBe("drained");
});
