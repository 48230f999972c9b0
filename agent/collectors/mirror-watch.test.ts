import { expect, test } from "vitest";
import { createMemorySource, type MemorySource } from "#test/support/memory-source.ts";
import { raidTexts } from "#test/support/raid-texts.ts";
import { lvsArguments } from "./lvm.ts";
import { MirrorWatch, mirrorsIdleMs, mirrorsMs } from "./mirror-watch.ts";

const lookMs = 10_000;
const leg = "dm-1";

/** A mirror on sda and sdb, and a third disk beside it; all three have worked up to now. */
function createMirroredHost(): MemorySource {
  const source = createMemorySource({});
  for (const disk of ["sda", "sdb", "sdc"]) {
    source.put(`/sys/block/${disk}/queue/rotational`, "1\n");
    source.putLink(`/sys/block/${disk}/device`, "../../../2:0:0:0");
    source.putTool(["smartctl", "-i", "-n", "standby", `/dev/${disk}`], {
      stdout: "=== START OF INFORMATION SECTION ===\nPower mode is:    ACTIVE or IDLE\n",
    });
    work(source, disk, 100);
  }
  // An SSD never wakes, and a virtual disk only says that it turns.
  source.put("/sys/block/sdd/queue/rotational", "0\n");
  source.putLink("/sys/block/sdd/device", "../../../3:0:0:0");
  source.put("/sys/block/vda/queue/rotational", "1\n");
  source.putLink("/sys/block/vda/device", "../../../virtio1");
  work(source, leg, 50);
  source.putTool(["lvs", ...lvsArguments], { stdout: raidTexts.lvs });
  return source;
}

function work(source: MemorySource, disk: string, done: number): void {
  source.put(
    `/sys/block/${disk}/stat`,
    `${done} 0 ${done * 8} 5 ${done} 0 ${done * 8} 9 0 14 14\n`,
  );
}

function sleepOf(source: MemorySource, disk: string): void {
  source.putTool(["smartctl", "-i", "-n", "standby", `/dev/${disk}`], {
    exitCode: 2,
    stdout: "smartctl 7.3\n\nDevice is in STANDBY mode, exit(2)\n",
  });
}

const isLvs = (call: string): boolean => call.startsWith("lvs");
const watch = (source: MemorySource): MirrorWatch => new MirrorWatch(source, "wws.raid.degraded");

test("disks that were not seen at work are asked whether they sleep before lvs reads them", async () => {
  const source = createMirroredHost();
  const look = await watch(source).look(0, lookMs, [leg]);
  expect(source.calls).toEqual([
    "smartctl -i -n standby /dev/sda",
    "smartctl -i -n standby /dev/sdb",
    "smartctl -i -n standby /dev/sdc",
    `lvs ${lvsArguments.join(" ")}`,
  ]);
  expect(look?.volumes?.length).toBeGreaterThan(0);
});

test("a disk in standby is not woken, be it a member or not, and the absence says why", async () => {
  const source = createMirroredHost();
  sleepOf(source, "sdc");
  const look = await watch(source).look(0, lookMs, [leg]);
  expect(source.calls.filter(isLvs)).toEqual([]);
  expect(look).toMatchObject({ volumes: null, absences: [{ reason: "switched-off" }] });
  expect(look?.absences[0]?.detail).toContain("sdc is in standby");
});

test("a disk that the kernel suspended is known to sleep without being asked", async () => {
  const source = createMirroredHost();
  source.put("/sys/block/sda/device/power/runtime_status", "suspended\n");
  const look = await watch(source).look(0, lookMs, [leg]);
  expect(source.calls).toEqual([]);
  expect(look?.absences).toMatchObject([{ reason: "switched-off" }]);
});

test("without smartctl nobody knows, and lvs is left alone; the absence names the package", async () => {
  const source = createMirroredHost();
  source.putTool(["smartctl", "-i", "-n", "standby", "/dev/sda"], {
    kind: "missing",
    tool: "smartctl",
    detail: "smartctl is not installed",
  });
  const look = await watch(source).look(0, lookMs, [leg]);
  expect(source.calls.filter(isLvs)).toEqual([]);
  expect(look?.absences[0]?.detail).toContain("apt install smartmontools");
});

test("a dying drive that smartctl hangs on does not hide that its mirror is degraded", async () => {
  const source = createMirroredHost();
  source.putTool(["smartctl", "-i", "-n", "standby", "/dev/sda"], {
    kind: "timed-out",
    tool: "smartctl",
    detail: "smartctl gave no answer within 20000 ms",
  });
  const look = await watch(source).look(0, lookMs, [leg]);
  expect(look?.volumes?.some(({ isDegraded }) => isDegraded === true)).toBe(true);
  sleepOf(source, "sdb");
  expect((await watch(source).look(0, lookMs, [leg]))?.volumes).toBeNull();
});

test("a volume of a RAID controller, of which smartctl knows no mode, holds nothing up", async () => {
  const source = createMirroredHost();
  source.putTool(["smartctl", "-i", "-n", "standby", "/dev/sda"], {
    exitCode: 2,
    stdout: "Smartctl open device: /dev/sda failed: DELL or MegaRaid controller, please try -d\n",
  });
  expect((await watch(source).look(0, lookMs, [leg]))?.volumes).not.toBeNull();
});

test("disks that worked between two looks are awake: nothing but lvs is asked", async () => {
  const source = createMirroredHost();
  const mirrors = watch(source);
  await mirrors.look(0, lookMs, [leg]);
  const before = source.calls.length;
  expect(await mirrors.look(mirrorsMs - lookMs, lookMs, [leg])).toBeNull();
  for (const disk of ["sda", "sdb", "sdc", leg]) work(source, disk, 200);
  // The first answer kept idle disks awake: they are left alone for an hour.
  const spared = await mirrors.look(mirrorsMs, lookMs, [leg]);
  expect(spared).toMatchObject({ volumes: null, absences: [{ reason: "not-yet-collected" }] });
  expect(source.calls.length).toBe(before);
  let atMs = mirrorsMs;
  for (; atMs < mirrorsIdleMs; atMs += mirrorsMs) await mirrors.look(atMs, lookMs, [leg]);
  await mirrors.look(atMs + mirrorsMs - lookMs, lookMs, [leg]);
  for (const disk of ["sda", "sdb", "sdc", leg]) work(source, disk, 300);
  await mirrors.look(atMs + mirrorsMs, lookMs, [leg]);
  expect(source.calls.slice(before).filter((call) => !isLvs(call))).toEqual([]);
  expect(source.calls.filter(isLvs)).toHaveLength(2);
});

test("while no mirror is used its answer is told again and nothing is read", async () => {
  const source = createMirroredHost();
  const mirrors = watch(source);
  const first = await mirrors.look(0, lookMs, [leg]);
  const calls = source.calls.length;
  // lvs itself reads the disks beside the legs.
  work(source, "sda", 101);
  const again = await mirrors.look(mirrorsMs, lookMs, [leg]);
  expect(again).toEqual({ volumes: first?.volumes, absences: [], isNew: false });
  expect(source.calls.length).toBe(calls);
  // A disk that went may have been a leg.
  source.remove("/sys/block/sdb/queue/rotational");
  source.remove("/sys/block/sdb/device");
  source.remove("/sys/block/sdb/stat");
  await mirrors.look(mirrorsIdleMs, lookMs, [leg]);
  expect(source.calls.length).toBeGreaterThan(calls);
});
