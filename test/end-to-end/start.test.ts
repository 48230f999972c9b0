import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { childrenOf, createBench, isAlive, readJsonFile, until } from "#test/support/programs.ts";
import { childOf, type RunningManager, startHere } from "#test/support/running-manager.ts";

const bench = createBench();
const limits = { timeout: 120_000 };

async function place() {
  return { data: join(bench.folder(), "data"), port: await bench.freePort() };
}

/** Points that were seen, of the seconds from `from` to `to`. */
async function cpuPoints(
  manager: RunningManager,
  hostId: string,
  from: number,
  to: number,
): Promise<readonly (readonly [number, number])[]> {
  const answer = await manager.client.telemetry(hostId, {
    metric: "system.cpu.utilization",
    from,
    to,
    step: 1_000,
  });
  const points = answer.series[0]?.points ?? [];
  return points.flatMap(([ms, value]) => (value === null ? [] : [[ms, value] as const]));
}

test(
  "npm start shows this machine with real figures, stops cleanly, and keeps its id the next time",
  limits,
  async () => {
    const where = await place();
    const first = await startHere(bench, where);
    expect(first.url).toBe(`http://127.0.0.1:${where.port}`);
    expect(statSync(join(where.data, "cli.json")).mode & 0o777).toBe(0o600);
    expect(readJsonFile(join(where.data, "cli.json"))).toEqual({
      url: first.url,
      token: expect.any(String),
    });
    // It is ready once it prints: the first report is on disk.
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
    const host = await first.thisMachine();
    expect(host).toMatchObject({
      lifecycle: "active",
      phase: "active",
      adopted: true,
      simulated: false,
      cell: "main",
    });
    expect(host.link.state).toBe("connected");
    const figures = await until("CPU, memory and disk figures of this machine", async () => {
      const { latest } = await first.thisMachine();
      const { cpuUtilization, memoryUtilization, filesystemUtilization } = latest;
      const all = [cpuUtilization, memoryUtilization, filesystemUtilization];
      return all.every((figure) => figure !== null) ? all : undefined;
    });
    for (const figure of figures) {
      expect(figure).toBeGreaterThanOrEqual(0);
      expect(figure).toBeLessThanOrEqual(1);
    }
    const points = await until("five points, one a second", async () => {
      const now = Date.now();
      const seen = await cpuPoints(first, host.id, now - 30_000, now);
      return seen.length >= 5 ? seen : undefined;
    });
    expect(points.every(([ms]) => ms % 1_000 === 0)).toBe(true);

    // Manager and agent are two processes beside the one that looks after them.
    const children = [childOf(first, "fleet/main.ts"), childOf(first, "agent/main.ts")];
    first.program.kill("SIGINT");
    const end = await first.program.exited;
    expect(end.code).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);

    const second = await startHere(bench, where);
    expect((await second.thisMachine()).id).toBe(host.id);
    expect((await second.client.hosts({})).total).toBe(1);
    expect(
      (await cpuPoints(second, host.id, Date.now() - 120_000, Date.now())).length,
    ).toBeGreaterThanOrEqual(points.length);
  },
);

test("the sign-in link opens one session, once", limits, async () => {
  const manager = await startHere(bench, await place());
  const link = /http:\/\/\S+\/sign-in#(\S+)/.exec(manager.program.stdout());
  const secret = link?.[1] ?? "";
  const signIn = () =>
    fetch(`${manager.url}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: manager.url },
      body: JSON.stringify({ secret }),
    });
  const first = await signIn();
  expect(first.status).toBe(201);
  const cookie = first.headers.get("set-cookie")?.split(";")[0] ?? "";
  const hosts = await fetch(`${manager.url}/api/v1/hosts`, { headers: { cookie } });
  expect(hosts.status).toBe(200);
  expect((await signIn()).status).not.toBe(201);
  expect((await fetch(`${manager.url}/api/v1/hosts`)).status).toBe(401);
});

test(
  "a manager that is killed comes back by itself, and nothing acknowledged is lost",
  limits,
  async () => {
    const manager = await startHere(bench, await place());
    const { id } = await manager.thisMachine();
    const from = Date.now() - 30_000;
    const before = await until("three points", async () => {
      const seen = await cpuPoints(manager, id, from, Date.now());
      return seen.length >= 3 ? seen : undefined;
    });
    const killed = childOf(manager, "fleet/main.ts");
    process.kill(killed, "SIGKILL");
    const after = await until("newer points than before the kill", async () => {
      const seen = await cpuPoints(manager, id, from, Date.now());
      const newest = seen.at(-1)?.[0] ?? 0;
      return newest > (before.at(-1)?.[0] ?? 0) + 3_000 ? seen : undefined;
    });
    expect(childOf(manager, "fleet/main.ts")).not.toBe(killed);
    expect(after.slice(0, before.length)).toEqual(before);
    // The agent kept what was taken while nobody listened. A machine that is busy with other tests
    // may miss a look, which is a hole of one second and not of the manager's absence.
    const times = after.map(([ms]) => ms);
    const holesMs = times.map((ms, index) => ms - (times[index - 1] ?? ms));
    expect(Math.max(...holesMs)).toBeLessThanOrEqual(2_000);
    expect(manager.program.stderr()).toContain("the manager was ended by SIGKILL");
    expect((await manager.thisMachine()).link.state).toBe("connected");
  },
);

test("an agent that is killed comes back as the same host", limits, async () => {
  const manager = await startHere(bench, await place());
  const { id } = await manager.thisMachine();
  const killed = childOf(manager, "agent/main.ts");
  process.kill(killed, "SIGKILL");
  const killedMs = Date.now();
  await until("a report of the new agent", async () => {
    const { lastReportAt } = await manager.thisMachine();
    const isBack = childrenOf(manager.program.pid).some(
      ({ pid, command }) => command.includes("agent/main.ts") && pid !== killed,
    );
    return isBack && (lastReportAt ?? 0) > killedMs + 1_000 ? true : undefined;
  });
  expect((await manager.thisMachine()).id).toBe(id);
  expect((await manager.client.hosts({})).total).toBe(1);
});

test("when npm start itself is killed, manager and agent end too", limits, async () => {
  const manager = await startHere(bench, await place());
  const children = childrenOf(manager.program.pid).map(({ pid }) => pid);
  expect(children.length).toBeGreaterThanOrEqual(2);
  manager.program.kill("SIGKILL");
  await until("both are gone", () => (children.some(isAlive) ? undefined : true));
});

test(
  "a machine that an operator removed is told so, the manager goes on, and the next start takes it in anew",
  limits,
  async () => {
    const where = await place();
    const first = await startHere(bench, where);
    const { id } = await first.thisMachine();
    await first.client.removeHost(id, "test");
    await until("the person is told", () =>
      first.program.stderr().includes("this machine is not watched any more") ? true : undefined,
    );
    expect(first.program.stderr()).toContain("an operator removed this host");
    expect(first.program.stderr()).not.toContain("it is started again");
    expect((await first.client.hosts({})).total).toBe(0);
    first.program.kill("SIGINT");
    expect((await first.program.exited).code).toBe(0);

    const second = await startHere(bench, where);
    const host = await second.thisMachine();
    expect(host.id).not.toBe(id);
    expect(host.link.state).toBe("connected");
    expect(second.program.stderr()).toContain(`does not know this machine as ${id}`);
    const kept = readdirSync(join(where.data, "agent")).filter((name) =>
      name.startsWith("journal.json.removed-"),
    );
    expect(kept).toHaveLength(1);
  },
);
