import { beforeAll, describe, expect, test } from "vitest";
import { watchMachine, type Watched } from "./broken-machine.ts";

/**
 * Hardware that breaks under the agent: what is not broken goes on as if nothing had happened. Each
 * story is the same five minutes as the quiet one, and every series that the fault does not concern
 * must have been set at exactly the same moments.
 */
const forMs = 300_000;
const brokenMs = 120_000;

let quiet: Watched;
beforeAll(async () => {
  quiet = await watchMachine(forMs, null);
}, 60_000);

/** Series whose moments differ from those of the quiet run. */
function disturbed(watched: Watched): readonly string[] {
  const names = new Set([...quiet.times.keys(), ...watched.times.keys()]);
  return [...names]
    .filter((name) => {
      const [one, other] = [quiet.times.get(name) ?? [], watched.times.get(name) ?? []];
      return one.length !== other.length || one.some((at, index) => at !== other[index]);
    })
    .sort();
}

function timesAfter(watched: Watched, name: string, fromMs: number): number {
  return (watched.times.get(name) ?? []).filter((at) => at >= fromMs).length;
}

test("in the quiet run every series of each step comes every second, and there are many", () => {
  const perSecond = [...quiet.times].filter(([, times]) => times.length > 200);
  expect(perSecond.length).toBeGreaterThan(60);
  for (const [name, times] of perSecond) {
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.max(...gaps), name).toBeLessThanOrEqual(1_000);
  }
});

describe("a disk that is pulled", () => {
  test("costs its own series, and is missed with a reason", { timeout: 60_000 }, async () => {
    const watched = await watchMachine(forMs, {
      atMs: brokenMs,
      gone: /\/sdc(?:\/|$)|\/hwmon\/hwmon\d+\/x$/,
      breakSource(source) {
        const read = source.readText("/proc/diskstats");
        if (read.ok) source.put("/proc/diskstats", read.value.replace(/^.* sdc .*\n/gm, ""));
      },
    });
    const others = disturbed(watched).filter((name) => !/sdc|EX71D00003|D00003/.test(name));
    expect(others.filter((name) => !isOfDrives(name))).toEqual([]);
    expect(timesAfter(watched, "system.disk.io{sdc,read}", brokenMs + 5_000)).toBe(0);
    expect(timesAfter(watched, "system.disk.io{sdb,read}", brokenMs + 5_000)).toBeGreaterThan(170);
  });
});

describe("a sensor that vanishes", () => {
  test("costs its own series, and is missed with a reason", { timeout: 60_000 }, async () => {
    const watched = await watchMachine(forMs, {
      atMs: brokenMs,
      gone: /\/hwmon0\/temp2_input$/,
    });
    const lost = disturbed(watched);
    expect(lost.length).toBeLessThanOrEqual(1);
    expect(lost.every((name) => name.startsWith("hw.temperature{"))).toBe(true);
    const absent = watched.state?.absences.filter(({ what }) => what === "hw.temperature") ?? [];
    expect(absent.some(({ detail }) => detail.includes("hwmon0/temp2_input"))).toBe(true);
  });
});

describe("a smartctl that hangs for a minute", () => {
  test("costs drives' health alone, and runs once at a time", { timeout: 60_000 }, async () => {
    const watched = await watchMachine(forMs, {
      atMs: 0,
      toolMs: ({ tool }) => (tool === "smartctl" || tool === "nvme" ? 60_000 : null),
    });
    expect(disturbed(watched).filter((name) => !isOfDrives(name))).toEqual([]);
    expect(watched.atOnceMax.get("smartctl") ?? 0).toBeLessThanOrEqual(1);
  });
});

describe("a BMC that locks the in-band interface", () => {
  test("costs what it tells alone, and is asked one thing at a time", {
    timeout: 60_000,
  }, async () => {
    const watched = await watchMachine(forMs, {
      atMs: brokenMs,
      toolMs: ({ tool }) => (tool === "ipmitool" ? 3_600_000 : null),
    });
    const lost = disturbed(watched);
    expect(lost.length).toBeGreaterThan(0);
    const everySecond = [...quiet.times].filter(([, times]) => times.length > 200);
    const fast = new Set(everySecond.map(([name]) => name));
    // The host's power comes from the BMC here; all other series of each second have their own door.
    expect(lost.filter((name) => fast.has(name) && !name.startsWith("hw.host.power"))).toEqual([]);
    expect(lost.filter((name) => !/^(?:hw|wws\.bmc|wws\.power)\./.test(name))).toEqual([]);
    expect(watched.atOnceMax.get("ipmitool")).toBe(1);
    expect(watched.state?.absences.some(({ reason }) => reason === "timed-out")).toBe(true);
  });
});

describe("a file system that is full", () => {
  test("is told, and costs nothing", { timeout: 60_000 }, async () => {
    const watched = await watchMachine(forMs, {
      atMs: brokenMs,
      breakSource(source) {
        const sizeBytes = 480_000_000_000;
        source.putFilesystem("/", {
          sizeBytes,
          freeBytes: 0,
          availableBytes: 0,
          files: 1_000,
          filesFree: 0,
        });
      },
    });
    expect(disturbed(watched)).toEqual([]);
    expect(watched.values.get("system.filesystem.utilization{/,ext4}")).toBe(10_000);
    expect(watched.values.get("system.filesystem.usage{/,ext4,free}")).toBe(0);
  });
});

/** Series that the health of drives is told by; which drive is asked when is drawn by chance. */
function isOfDrives(name: string): boolean {
  return (
    /^(?:wws\.disk\.|hw\.physical_disk|hw\.errors)/.test(name) ||
    (name.startsWith("hw.temperature{") && /physical_disk|EX71D/.test(name))
  );
}
