import { expect, test } from "vitest";
import { createMemorySource } from "#test/support/memory-source.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { inspectHost } from "./inspect-host.ts";
import { formatInspection } from "./inspection-text.ts";
import { formatQuantity } from "./quantity.ts";

const files = {
  "/proc/stat": "cpu  100 0 0 900 0 0 0 0\ncpu0 100 0 0 900 0 0 0 0\n",
  "/proc/loadavg": "0.50 0.40 0.30 1/200 300\n",
  "/proc/meminfo":
    "MemTotal: 16777216 kB\nMemFree: 8388608 kB\nMemAvailable: 12582912 kB\nBuffers: 0 kB\nCached: 4194304 kB\nSwapTotal: 0 kB\n",
  "/proc/diskstats": "   8 0 sda 10 1 2000 30 40 4 5000 60 7 800 90\n",
  "/proc/cpuinfo":
    "processor : 0\nmodel name : Test CPU\nphysical id : 0\ncore id : 0\nflags : fpu\n",
  "/proc/sys/kernel/hostname": "node7\n",
};

async function inspect() {
  const source = createMemorySource(files);
  source.putLink("/sys/block/sda/device", "../x");
  const clock = createVirtualClock();
  const inspecting = inspectHost(source, clock);
  await clock.settle();
  source.put("/proc/stat", "cpu  150 0 0 950 0 0 0 0\ncpu0 150 0 0 950 0 0 0 0\n");
  source.put("/proc/diskstats", "   8 0 sda 20 1 4048 30 40 4 5000 60 7 800 90\n");
  await clock.runUntilIdle();
  return inspecting;
}

test("gauges are shown as they are, counters as what they were worth a second", async () => {
  const { series, identity, failures } = await inspect();
  const value = (metric: string, attribute?: string) =>
    series.find(
      (one) =>
        one.metric === metric &&
        (attribute === undefined || Object.values(one.attributes).includes(attribute)),
    );
  expect(failures).toEqual([]);
  expect(identity).toMatchObject({
    hostname: "node7",
    memoryBytes: 16_777_216 * 1024,
    virtualization: "none",
  });
  expect(value("system.cpu.utilization")).toMatchObject({ value: 0.5, unit: "1" });
  expect(value("system.disk.io", "read")).toMatchObject({
    value: 2048 * 512,
    unit: "By/s",
    reading: 4048 * 512,
  });
  expect(value("system.disk.io", "write")).toMatchObject({ value: 0 });
});

test("what is missing comes with a reason, once", async () => {
  const { absences } = await inspect();
  expect(absences).toContainEqual(
    expect.objectContaining({ what: "hw.host.power", reason: "no-kernel-interface" }),
  );
  const names = absences.map(({ what, attributes }) => JSON.stringify([what, attributes]));
  expect(new Set(names).size).toBe(names.length);
});

test("a person reads identity, readings and reasons, in 80 columns", async () => {
  const text = formatInspection(await inspect());
  expect(text).toContain("processor       Test CPU, 1 socket(s), 1 cores, 1 threads");
  expect(text).toContain("memory          16 GiB");
  expect(text).toMatch(/^system\.disk\.io\n {2}sda read +1 MiB\/s$/m);
  expect(text).toContain("no-kernel-interface: the kernel shows no such file");
  expect(text).toContain("serial          not known");
  expect(text).not.toContain("You are not root");
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("who is not root reads first what that hides, and last which packages would help", async () => {
  const inspection = await inspect();
  const hidden = {
    what: "hw.energy",
    attributes: [],
    reason: "permission-denied",
    detail:
      "/sys/class/powercap/intel-rapl:0/energy_uj (EACCES): systemctl start wws-looker.socket, or run the agent as root",
  } as const;
  const tool = {
    what: "hw.disk.health",
    attributes: [],
    reason: "tool-missing",
    detail: "smartctl is not in /usr/sbin; apt install smartmontools",
  } as const;
  const text = formatInspection({ ...inspection, uid: 1000, absences: [hidden, tool] });
  expect(text.split("\n").slice(0, 3)).toEqual([
    "You are not root: 1 things of this server stay hidden.",
    "  hw.energy",
    "  To see them: sudo wws-agent inspect",
  ]);
  expect(text).toContain("  apt install smartmontools  for hw.disk.health");
});

test("many series of one metric are told by their extremes", async () => {
  const inspection = await inspect();
  const series = Array.from({ length: 128 }, (_, cpu) => ({
    metric: "system.cpu.utilization" as const,
    unit: "1",
    kind: "gauge" as const,
    attributes: { "cpu.logical_number": String(cpu) },
    value: cpu === 5 ? null : cpu / 128,
    reading: null,
  }));
  const text = formatInspection({ ...inspection, series });
  expect(text).toMatch(/128 series by cpu\.logical_number +1 not seen/);
  expect(text).toMatch(/least: 0 +0$/m);
  expect(text).toMatch(/most: 127 +0\.9922$/m);
});

test("a collector that fails costs its own readings and is named", async () => {
  const source = createMemorySource(files);
  const clock = createVirtualClock();
  const inspecting = inspectHost(
    {
      ...source,
      readFilesystem: () => {
        throw new Error("no such call");
      },
      readText: (path) => {
        if (path.endsWith("mountinfo")) throw new Error("mountinfo broke");
        return source.readText(path);
      },
    },
    clock,
  );
  await clock.runUntilIdle();
  const { failures, series } = await inspecting;
  expect(failures).toEqual([
    { subject: "filesystems", detail: "mountinfo broke" },
    { subject: "mounts", detail: "mountinfo broke" },
  ]);
  expect(series.length).toBeGreaterThan(5);
});

test.each([
  [1536, "By", "1.5 KiB"],
  [0.87314, "1", "0.8731"],
  [183, "W", "183 W"],
  [2048 * 1024, "By/s", "2 MiB/s"],
])("%d %s is %s", (value, unit, text) => {
  expect(formatQuantity(value, unit)).toBe(text);
});
