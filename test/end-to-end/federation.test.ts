import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Cell } from "#fleet/api/cell-schemas.ts";
import { type CellWire, startCellWire } from "#test/support/cell-wire.ts";
import { type HeartbeatWorkload, startHeartbeat } from "#test/support/heartbeat-workload.ts";
import { createBench, type Program, type ProgramEnd, until } from "#test/support/programs.ts";
import { startReplayedHosts } from "#test/support/replayed-hosts.ts";
import {
  environmentOf,
  type ManagerPlace,
  openRunning,
  type RunningManager,
  startHere,
  startServe,
} from "#test/support/running-manager.ts";

// Three real managers as three regions; the federation reaches each over a wire that counts what is
// asked and can be cut while the cell itself goes on.

const bench = createBench("all");
const limits = { timeout: 120_000 };
const sites = { eu: "fra2", ea: "nrt1" } as const;
interface RunningCell {
  readonly place: ManagerPlace;
  readonly env: NodeJS.ProcessEnv;
  manager: RunningManager;
  readonly wire: CellWire;
}
let workload: HeartbeatWorkload;
let here: string;
const cells = {} as Record<"na" | "eu" | "ea", RunningCell>;
const simulated: { stop(): Promise<void> }[] = [];
let place: ManagerPlace;
let tokens: string;
let federation: RunningManager;

beforeAll(async () => {
  const naPlace = await newPlace();
  workload = startHeartbeat(bench.folder(), join(naPlace.data, "agent/drain.d"));
  await openCell("na", naPlace, startHere);
  here = (await cells.na.manager.thisMachine()).name;
  for (const name of ["eu", "ea"] as const) {
    await openCell(name, await newPlace(), (on, where, env) =>
      startServe(on, where, { ...env, WWS_PROFILE: "lab" }),
    );
    const { manager, place: where } = cells[name];
    simulated.push(
      startReplayedHosts({
        hosts: [1, 2, 3].map((unit) => ({
          name: `${sites[name]}-a01-u0${unit}`,
          position: `${name}/${sites[name]}/row-a/rack-01/u0${unit}`,
          fixture: "example-w1-32c-4nvme",
        })),
        client: manager.client,
        agentsPort: where.port + 1,
        data: join(bench.folder(), "hosts"),
      }),
    );
    await until(`the hosts of ${name} report`, async () => {
      const { items } = await manager.client.hosts({ selector: "link=connected" });
      return items.length === 3 && items.every((host) => host.lastReportAt !== null)
        ? true
        : undefined;
    });
  }
  tokens = join(bench.folder(), "tokens");
  const lines = Object.values(cells).map(({ wire, manager }) => `${wire.url} ${manager.token}\n`);
  writeFileSync(tokens, lines.join(""), { mode: 0o600 });
  place = await newPlace();
  federation = await startFederation();
  await until("all of it is read", async () => {
    const { items } = await federation.client.cells();
    return items.reduce((sum, cell) => sum + (cell.hosts ?? 0), 0) === 7 ? true : undefined;
  });
}, 180_000);
afterAll(async () => {
  workload?.end();
  await Promise.all(simulated.map((hosts) => hosts.stop()));
  for (const { wire } of Object.values(cells)) wire.close();
});

test("three regions are one fleet: hosts, racks and regions of all of them, in one list", async () => {
  const listed = await fleet("host", "list", "-o", "name");
  expect([listed.code, listed.stderr]).toEqual([0, ""]);
  const all = ["fra2-a01-u01", "fra2-a01-u02", "fra2-a01-u03"];
  all.push("nrt1-a01-u01", "nrt1-a01-u02", "nrt1-a01-u03", here);
  expect(listed.stdout.trim().split("\n").toSorted()).toEqual(all.toSorted());
  expect((await fleet("rack", "list", "-o", "name")).stdout).toBe(
    "fra2/row-a/rack-01\nnrt1/row-a/rack-01\n",
  );
  expect((await fleet("rack", "show", "nrt1/row-a/rack-01")).stdout).toContain("nrt1-a01-u02");
  expect((await fleet("host", "show", "fra2-a01-u01")).stdout).toMatch(/^cell +eu$/m);
  const { items } = await federation.client.cells();
  expect(items.map(({ name, state }) => [name, state])).toEqual([
    ["na", "connected"],
    ["eu", "connected"],
    ["ea", "connected"],
  ]);
  const { series } = await federation.client.telemetry("nrt1-a01-u01", {
    metric: "system.cpu.utilization",
  });
  expect(series).toHaveLength(1);
});

test("a change is refused with the cell's address and the command, and reaches no cell", async () => {
  const refused = await fleet(
    "host",
    "drain",
    "fra2-a01-u01",
    "--reason",
    "fan 3 is loud",
    "--yes",
  );
  expect(refused.code).toBe(5);
  expect(refused.stderr).toContain(`cell eu at ${cells.eu.wire.url}`);
  expect(refused.stderr).toContain(
    `WWS_URL=${cells.eu.wire.url} wws-fleet host drain fra2-a01-u01 --reason REASON`,
  );
  expectNoWrites();
});

test(
  "a cell that is cut off goes on: a drain there completes while the federation is blind to it",
  limits,
  async () => {
    await workload.awaitBeating();
    const cutMs = Date.now();
    cells.na.wire.set("hangs");
    const blind = await awaitState("na", "stale");
    await until("it is known to hang", async () => {
      const cell = await awaitState("na", "stale");
      return cell.why?.includes("no answer within 3 s") ? true : undefined;
    });
    expect(blind.sinceMs).toBeLessThanOrEqual(cutMs + 1_000);
    expect(blind.sinceMs).toBeGreaterThan(cutMs - 30_000);

    const drained = await bench.run(
      "fleet/main.ts",
      ["host", "drain", here, "--reason", "fan 3 is loud", "--wait"],
      environmentOf(cells.na.place),
    );
    expect([drained.code, drained.stdout], drained.stderr).toEqual([0, `Drain ${here}: done\n`]);
    expect(await workload.isSilent()).toBe(true);
    expect((await cells.na.manager.thisMachine()).phase).toBe("drained");

    // What is shown is what was heard, and it is said since when it is no longer.
    const shown = await fleet("host", "show", here);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/^lifecycle +active/m);
    expect(shown.stderr).toContain(`cell na (${cells.na.wire.url}) is not heard since `);
    expect(shown.stderr).toMatch(/what is kept of it and shown is \d+ (s|min) old/);
    const explained = await fleet("host", "explain", here);
    expect(explained.code).toBe(1);
    expect(explained.stderr).toContain("nothing is kept");

    cells.na.wire.set("open");
    await awaitState("na", "connected");
    const again = await fleet("host", "show", here);
    expect(again.stderr).toBe("");
    expect(again.stdout).toMatch(/^lifecycle +drained/m);
  },
);

test(
  "a cell that is killed stays in the view, stale, also over a restart of the federation; and comes back whole",
  limits,
  async () => {
    cells.eu.manager.program.kill("SIGKILL");
    await cells.eu.manager.program.exited;
    const blind = await awaitState("eu", "stale");
    expect(blind.hosts).toBe(3);
    const listed = await fleet("host", "list", "region=eu", "-o", "name");
    expect(listed.stdout.trim().split("\n")).toHaveLength(3);
    expect(listed.stderr).toContain("cell eu");

    federation.program.kill("SIGKILL");
    await federation.program.exited;
    federation = await startFederation();
    const still = await awaitState("eu", "stale");
    expect(still.hosts).toBe(3);
    expect(still.sinceMs).toBeLessThanOrEqual(blind.sinceMs);
    expect((await fleet("rack", "show", "fra2/row-a/rack-01")).stdout).toContain("fra2-a01-u03");

    cells.eu.manager = await startServe(bench, cells.eu.place, {
      ...cells.eu.env,
      WWS_PROFILE: "lab",
    });
    await awaitState("eu", "connected");
    const back = await until("its hosts report again", async () => {
      const { items } = await federation.client.hosts({ selector: "region=eu,link=connected" });
      return items.length === 3 ? items : undefined;
    });
    expect(back.map((host) => host.cell)).toEqual(["eu", "eu", "eu"]);
  },
);

test("a manager that is stopped in its tracks costs nobody an answer", limits, async () => {
  const { pid } = cells.ea.manager.program;
  process.kill(pid, "SIGSTOP");
  try {
    await awaitState("ea", "stale");
    const listed = await fleet("host", "list", "-o", "name");
    expect(listed.stdout.trim().split("\n")).toHaveLength(7);
    expect(listed.stderr).toMatch(/cell ea .* is not heard since/);
    const regions = await fleet("region", "list", "-o", "json");
    expect(regions.stdout).toContain("nrt1");
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await awaitState("ea", "connected");
  expect((await fleet("host", "list", "-o", "name")).stderr).toBe("");
});

test(
  "what happens in a cell is told to who watches the federation, and so is its silence",
  limits,
  async () => {
    const stop = new AbortController();
    const kinds = new Set<string>();
    const watching = watch(stop.signal, (kind) => kinds.add(kind));
    await until("news of hosts", () => (kinds.has("host-telemetry") ? true : undefined));
    cells.ea.wire.set("cut");
    await until("news of the silence", () => (kinds.has("cell-changed") ? true : undefined));
    cells.ea.wire.set("open");
    await awaitState("ea", "connected");
    stop.abort();
    await watching;
  },
);

describe("at the end of all this", () => {
  test("no cell was ever asked for a change over the federation's wire", () => expectNoWrites());

  test("Ctrl-C ends it cleanly", async () => {
    federation.program.kill("SIGINT");
    expect((await federation.program.exited).code).toBe(0);
  });
});

function expectNoWrites(): void {
  for (const { wire } of Object.values(cells)) {
    expect([...wire.asked.keys()]).toEqual(["GET"]);
    expect(wire.asked.get("GET")).toBeGreaterThan(5);
  }
}

async function newPlace(): Promise<ManagerPlace> {
  return { data: join(bench.folder(), "data"), port: await bench.freePort() };
}

async function openCell(
  name: "na" | "eu" | "ea",
  where: ManagerPlace,
  start: typeof startServe,
): Promise<void> {
  const env = { WWS_CELL: name, WWS_REGION: name };
  const manager = await start(bench, where, env);
  cells[name] = { place: where, env, manager, wire: await startCellWire(where.port) };
}

async function startFederation(): Promise<RunningManager> {
  const urls = Object.values(cells).map(({ wire }) => wire.url);
  const program: Program = bench.start("fleet/main.ts", ["serve", "--federate", urls.join(",")], {
    ...environmentOf(place),
    WWS_PROFILE: "lab",
    WWS_FEDERATE_TOKENS: tokens,
  });
  await until("the federation listens", () => {
    if (program.stdout().includes('"federation listens"')) return true;
    if (program.stderr() !== "") throw new Error(program.stderr());
    return undefined;
  });
  return openRunning(program, place);
}

function fleet(...args: string[]): Promise<ProgramEnd> {
  return bench.run("fleet/main.ts", args, environmentOf(place));
}

function awaitState(name: string, state: Cell["state"]): Promise<Cell> {
  return until(`cell ${name} is ${state}`, async () => {
    const { items } = await federation.client.cells();
    return items.find((cell) => cell.name === name && cell.state === state);
  });
}

async function watch(signal: AbortSignal, onKind: (kind: string) => void): Promise<void> {
  const answer = await fetch(`${federation.url}/api/v1/events`, {
    signal,
    headers: { authorization: `Bearer ${federation.token}` },
  });
  const decoder = new TextDecoder();
  try {
    for await (const chunk of answer.body ?? [])
      for (const [, kind = ""] of decoder.decode(chunk).matchAll(/^event: (.+)$/gm)) onKind(kind);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
