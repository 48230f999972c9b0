import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createBench, until } from "#test/support/programs.ts";
import { startServe } from "#test/support/running-manager.ts";

const bench = createBench();

/** Debian's libfaketime (package faketime), wherever this architecture keeps it. */
function findFakeTime(): string {
  for (const folder of readdirSync("/usr/lib")) {
    const library = join("/usr/lib", folder, "faketime/libfaketime.so.1");
    if (existsSync(library)) return library;
  }
  throw new Error("libfaketime is not installed: run `npm run setup:real`");
}

test.each(["-30y", "+10y"])(
  "a host whose clock is %s off enrols, verifies the manager and reports at the right time",
  {
    timeout: 180_000,
  },
  async (offset) => {
    const place = { data: join(bench.folder(), "data"), port: await bench.freePort() };
    const manager = await startServe(bench, place, { WWS_REPORT_INTERVAL_MS: "1000" });
    const { token } = await manager.client.createToken({ kind: "host", hostName: "wild" }, "wild");
    const agent = bench.start("agent/main.ts", ["run"], {
      WWS_MANAGER: `127.0.0.1:${place.port + 1}`,
      WWS_AGENT_DATA: bench.folder(),
      WWS_JOIN_TOKEN: token,
      LD_PRELOAD: findFakeTime(),
      FAKETIME: offset,
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    });
    const startMs = Date.now();
    const host = await until(
      "the host reports",
      async () => {
        const { items } = await manager.client.hosts({});
        return items.find(({ lastReportAt }) => (lastReportAt ?? 0) > startMs + 3_000);
      },
      90_000,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}: ${agent.stderr().slice(-2_000)}`);
    });
    expect(Math.abs((host.link.clockOffsetMs ?? 0) / 86_400_000)).toBeGreaterThan(3_000);
    expect(Math.abs((host.lastReportAt ?? 0) - Date.now())).toBeLessThan(30_000);
    await until("points stand at the right time", async () => {
      const cpu = await manager.client.telemetry(host.id, {
        metric: "system.cpu.utilization",
        from: startMs,
        to: Date.now(),
        step: 1_000,
      });
      const seen = cpu.series[0]?.points.filter(([, value]) => value !== null) ?? [];
      return seen.length >= 3 ? true : undefined;
    });
  },
);
