import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMemorySource } from "#test/support/memory-source.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { sleep } from "#proto/vocabulary/clock.ts";
import { recordHost } from "./record-host.ts";
import { expand } from "./recorded-set.ts";
import { replayFixture } from "./replay-fixture.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-record-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A machine whose counters grow with the clock. */
function machineOn(clock: { nowMonotonicMs(): number }) {
  const source = createMemorySource({
    "/proc/loadavg": "0.50 0.40 0.30 1/200 300\n",
    "/proc/meminfo":
      "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 500 kB\nBuffers: 0 kB\nCached: 0 kB\nSwapTotal: 0 kB\n",
    "/proc/net/dev": "a\nb\n eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n",
    "/sys/class/net/eth0/address": "b0:26:28:12:34:56\n",
    "/sys/class/dmi/id/product_serial": "J7K8L92\n",
    "/proc/sys/kernel/hostname": "db17\n",
    "/proc/self/status": "CapEff:\t0000000000020004\nVmRSS:\t 1000 kB\n",
    "/proc/self/stat": "1 (node) S 1 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 7 0 1 2 3\n",
    "/proc/uptime": "5.00 6.00\n",
  });
  source.putLink("/sys/class/net/eth0/device", "../../../0000:01:00.0");
  const stat = (): string => {
    const ticks = Math.round(clock.nowMonotonicMs() / 10);
    return `cpu  ${ticks} 0 0 ${3 * ticks} 0 0 0 0\ncpu0 ${ticks} 0 0 ${3 * ticks} 0 0 0 0\n`;
  };
  const growing = {
    ...source,
    openCounterFile: (path: string) => {
      if (path !== "/proc/stat") return source.openCounterFile(path);
      return {
        ok: true,
        value: {
          path,
          read: () => ({ ok: true, value: new TextEncoder().encode(stat()) }) as const,
          close: () => {},
        },
      } as const;
    },
  };
  return growing;
}

async function record(frames = 5) {
  const clock = createVirtualClock();
  await clock.advance(5000);
  const recording = recordHost(join(folder, "dell-r6515"), {
    source: machineOn(clock),
    clock,
    random: createSeededRandom(1),
    frames,
    intervalMs: 1000,
    release: "0.1.0",
    uid: 0,
    notes: { machineClass: "1U", load: "idle" },
  });
  await clock.runUntilIdle();
  return recording;
}

test("what was recorded replays to the same readings, without what was private", async () => {
  const { facts } = await record();
  expect(facts.frames.map(({ monotonicMs }) => monotonicMs)).toEqual([0, 1000, 2000, 3000, 4000]);
  const replayed = await replayFixture(join(folder, "dell-r6515"));
  expect(replayed.failures).toEqual([]);
  expect(replayed.identity.serial).toMatch(/^[A-Z]\d[A-Z]\d[A-Z]\d\d$/);
  expect(replayed.identity.serial).not.toBe("J7K8L92");
  expect(replayed.identity.hostname).toBe("host-a");
  expect(replayed.identity.components).toMatchObject([
    { kind: "nic", address: expect.stringMatching(/^b0:26:28:/) },
  ]);
  const shares = replayed.frames.map(
    ({ series }) =>
      series.find(
        ({ metric, attributes }) =>
          metric === "system.cpu.utilization" && Object.keys(attributes).length === 0,
      )?.value,
  );
  expect(shares).toEqual([null, 0.25, 0.25, 0.25, 0.25]);
});

test("fixture.json says what a person should know, and why the rest is not known", async () => {
  const { facts } = await record(2);
  expect(facts).toMatchObject({
    format: 1,
    name: "dell-r6515",
    machine: { vendor: null, class: "1U" },
    recorder: { version: "0.1.0", uid: 0, capabilities: ["dac_read_search", "sys_rawio"] },
    state: { power: "on", load: "idle", known_faults: [] },
    scrub: { replaced: { serial: 1, mac: 1, hostname: 1 }, reviewedBy: null },
    synthetic: { is: false, what: null },
    unknown: {
      "machine.vendor": "the machine does not say",
      "machine.bmc": "not noted when it was recorded",
    },
  });
});

test("a pattern asks for each folder once and fits names by their parts", () => {
  const source = createMemorySource({
    "/sys/class/hwmon/hwmon0/temp1_crit": "1",
    "/sys/class/hwmon/hwmon0/temp1_input": "1",
    "/sys/class/hwmon/hwmon10/temp2_crit": "1",
  });
  expect(expand(source, "/sys/class/hwmon/hwmon*/*_crit")).toEqual([
    "/sys/class/hwmon/hwmon0/temp1_crit",
    "/sys/class/hwmon/hwmon10/temp2_crit",
  ]);
  expect(expand(source, "/none/*/x")).toEqual([]);
  expect(expand(source, "/proc/uptime")).toEqual(["/proc/uptime"]);
});

test("a BMC that takes seven seconds to answer keeps no frame waiting", async () => {
  const clock = createVirtualClock();
  const machine = machineOn(clock);
  machine.put("/sys/class/ipmi/ipmi0/dev", "248:0\n");
  const source = {
    ...machine,
    async runTool(request: Parameters<typeof machine.runTool>[0]) {
      if (request.tool === "ipmitool") await sleep(clock, 7_000);
      return machine.runTool(request);
    },
  };
  const recording = recordHost(join(folder, "slow-bmc"), {
    source,
    clock,
    random: createSeededRandom(1),
    frames: 40,
    intervalMs: 1_000,
    release: "0.1.0",
    uid: 0,
  });
  await clock.runUntilIdle();
  const { facts } = await recording;
  expect(facts.frames.map(({ monotonicMs }) => monotonicMs)).toEqual(
    Array.from({ length: 40 }, (_, index) => index * 1_000),
  );
  // Asked in one frame, answered in another: both are told.
  const late = readdirSync(join(folder, "slow-bmc"), { recursive: true, encoding: "utf8" })
    .filter((name) => /frames.00[1-9]\d.tools.*ipmitool.meta.json$/.test(name))
    .map((name) => JSON.parse(readFileSync(join(folder, "slow-bmc", name), "utf8")));
  for (const { tookMs } of late) expect(tookMs).toBe(7_000);
  const { failures } = await replayFixture(join(folder, "slow-bmc"));
  expect(failures).toEqual([]);
});
