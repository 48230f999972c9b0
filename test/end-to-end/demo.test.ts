import { join } from "node:path";
import { expect, test } from "vitest";
import type { Host } from "#fleet/api/host-schemas.ts";
import { childrenOf, createBench, until } from "#test/support/programs.ts";
import { environmentOf, openRunning, type RunningManager } from "#test/support/running-manager.ts";

const bench = createBench();
const limits = { timeout: 600_000 };
const hosts = 12;

async function startDemo(where: { readonly data: string; readonly port: number }) {
  const program = bench.start(
    "fleet/cli/demo.ts",
    ["--hosts", String(hosts)],
    environmentOf(where),
  );
  await until(
    "all simulated hosts report",
    () => (program.stderr().includes(`${hosts} of ${hosts} simulated`) ? true : undefined),
    120_000,
  );
  return openRunning(program, where);
}

async function simulatedHosts(manager: RunningManager): Promise<readonly Host[]> {
  const { items } = await manager.client.hosts({ limit: 200 });
  return items.filter((host) => host.simulated);
}

/** How often a host-wide figure differs from the second before, of the last eight pairs seen. */
async function changesOf(manager: RunningManager, host: Host, metric: string): Promise<number> {
  const to = Date.now();
  const answer = await manager.client.telemetry(host.id, {
    metric,
    from: to - 60_000,
    to,
    step: 1_000,
  });
  const values = (answer.series[0]?.points ?? []).flatMap(([, value]) =>
    value === null ? [] : [value],
  );
  const last = values.slice(-9);
  return last.filter((value, index) => index > 0 && value !== last[index - 1]).length;
}

test(
  "npm run demo shows simulated hosts in three regions, each its own, and figures that change every second",
  limits,
  async () => {
    const where = { data: join(bench.folder(), "data"), port: await bench.freePort() };
    const manager = await startDemo(where);
    const { items: regions } = await manager.client.regions();
    expect(regions.map(({ region, sites }) => [region, sites.length])).toEqual([
      ["na", 2],
      ["eu", 2],
      ["ea", 2],
    ]);
    const found = await simulatedHosts(manager);
    expect(found).toHaveLength(hosts);
    expect((await manager.thisMachine()).simulated).toBe(false);
    // Two hosts never look like one: the machine behind them was recorded once.
    const serials = found.flatMap(({ serial }) => (serial === null ? [] : [serial]));
    expect(new Set(serials).size).toBe(serials.length);
    expect(new Set(found.map(({ position }) => JSON.stringify(position))).size).toBe(hosts);
    // One process, and a connection for each host and one for this machine.
    expect(
      childrenOf(manager.program.pid).filter(({ command }) => command.includes("agent/replay")),
    ).toHaveLength(1);
    const metrics = await fetch(`${manager.url}/metrics`, {
      headers: { authorization: `Bearer ${manager.token}` },
    });
    expect(await metrics.text()).toMatch(new RegExp(`^wws_agent_sessions ${hosts + 1}$`, "m"));

    for (const host of [found[0], found[1], found[5]]) {
      if (host === undefined) throw new Error("a host is missing");
      await until(`three metrics of ${host.name} that change every second`, async () => {
        // Asked for each time: a host that has just come says little yet.
        const { metrics: reported } = await manager.client.inventory(host.id);
        let changing = 0;
        for (const { metric } of reported)
          if ((await changesOf(manager, host, metric)) === 8) changing += 1;
        return changing >= 3 ? true : undefined;
      });
    }

    manager.program.kill("SIGINT");
    expect((await manager.program.exited).code).toBe(0);
    const again = await startDemo(where);
    const kept = await simulatedHosts(again);
    expect(kept.map(({ id }) => id).sort()).toEqual(found.map(({ id }) => id).sort());
  },
);

test("npm run demo with options that it does not have ends with exit code 2", limits, async () => {
  const { code, stderr } = await bench.run("fleet/cli/demo.ts", ["--hosts", "none"]);
  expect(code).toBe(2);
  expect(stderr).toContain("--hosts is a whole number");
});
