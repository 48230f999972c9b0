import { expect, test } from "vitest";
import type { ToolAnswer, ToolProblem } from "#agent/hardware/hardware-source.ts";
import { ok, type Result } from "#proto/vocabulary/result.ts";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource, type MemorySource } from "#test/support/memory-source.ts";
import { raidTexts } from "#test/support/raid-texts.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createRaidCollector, raidLookMs, raidToolsMs } from "./raid.ts";

function start(
  source: MemorySource,
  isTold: (serial: string) => boolean = () => false,
  waitsForTools = false,
) {
  const sink = createValueSink();
  const clock = createVirtualClock();
  const collector = createRaidCollector({ source, sink, clock, isTold, waitsForTools });
  const look = async () => {
    sink.beginStep();
    const problem = await collector.collect(monotonicMs(clock.nowMonotonicMs()));
    await clock.advance(raidLookMs);
    return problem;
  };
  return { sink, clock, collector, look };
}

test("the kernel's own RAID is told at every look, by its UUID where the kernel shows it", async () => {
  const source = createMemorySource({
    "/proc/mdstat": raidTexts.mdstat,
    "/sys/block/md0/md/uuid": "3aaa0122-29827cfa-5331ad66-ca767371\n",
  });
  const { sink, collector, look } = start(source);
  await collector.discover();
  expect(await look()).toBeNull();
  const md0 = "3aaa0122-29827cfa-5331ad66-ca767371,md0,logical_disk";
  expect(sink.value(`wws.raid.degraded{${md0}}`)).toBe(1);
  expect(sink.value(`wws.raid.sync{${md0}}`)).toBe(126);
  expect(sink.value(`wws.raid.devices{${md0},rebuilding}`)).toBe(1);
  expect(sink.value("wws.raid.degraded{md127,md127,logical_disk}")).toBe(1);
  expect(sink.names()).not.toContain("wws.raid.degraded{md2,md2,logical_disk}");
});

test("a controller's arrays, battery and hidden drives; those that SMART tells of are left to it", async () => {
  const source = createMemorySource({});
  source.putTool(["storcli64", "/call", "show", "all", "J", "nolog"], {
    stdout: raidTexts.storcli,
  });
  source.putTool(["storcli64", "/call/eall/sall", "show", "all", "J", "nolog"], {
    stdout: raidTexts.storcliDrives,
  });
  const { sink, collector, look } = start(source);
  const discovery = await collector.discover();
  await look();
  expect(sink.values()).toEqual({});
  await look();
  const array = "SRTEST01/0,data,logical_disk,0000:65:00.0";
  expect(sink.value(`wws.raid.degraded{${array}}`)).toBe(1);
  expect(sink.value(`wws.raid.devices{${array},missing}`)).toBe(1);
  expect(sink.value("wws.raid.battery.ok{SRTEST01,TEST RAID,disk_controller}")).toBe(1);
  const disk = "PDTEST01,storcli64:0/252:0,physical_disk,0000:65:00.0";
  expect(sink.value(`wws.disk.smart.passed{${disk}}`)).toBe(0);
  expect(sink.value(`hw.errors{${disk},media}`)).toBe(3);
  expect(discovery.identity?.components).toMatchObject([
    { kind: "controller", slot: "0000:65:00.0", serial: "SRTEST01", model: "TEST RAID" },
  ]);
  const told = start(source, (serial) => serial === "PDTEST01");
  await told.collector.discover();
  await told.look();
  await told.look();
  expect(told.sink.names().some((name) => name.includes("PDTEST01"))).toBe(false);
});

test("a tool that hangs costs the kernel's RAID nothing", async () => {
  const source = createMemorySource({ "/proc/mdstat": raidTexts.mdstat });
  const { clock, sink, collector, look } = start({
    ...source,
    runTool: ({ tool }) =>
      new Promise<Result<ToolAnswer, ToolProblem>>((resolve) => {
        const empty = ok({ exitCode: 0, stdout: "", stderr: "" });
        clockOf().after(tool === "storcli64" ? 60_000 : 0, () => resolve(empty));
      }),
  });
  function clockOf() {
    return clock;
  }
  await collector.discover();
  for (let turn = 0; turn < 8; turn += 1) {
    expect(await look()).toBeNull();
    expect(sink.value("wws.raid.degraded{md0,md0,logical_disk}")).toBe(1);
  }
});

test("a driver without its tool is told, with whose tool it is", async () => {
  const source = createMemorySource({});
  source.putLink("/sys/bus/pci/drivers/megaraid_sas/0000:65:00.0", "../../../../devices/x");
  const { collector, look } = start(source);
  const discovery = await collector.discover();
  await look();
  await look();
  expect(discovery.absences).toMatchObject([{ reason: "tool-missing" }]);
  expect(discovery.absences[0]?.detail).toContain("storcli64");
});

test("an adapter that only passes drives on needs no RAID tool", async () => {
  const source = createMemorySource({ "/sys/block/sda/device/model": "ST4000 TEST\n" });
  source.putLink("/sys/bus/pci/drivers/mpt3sas/0000:3d:00.0", "../../../../devices/x");
  const plain = start(source);
  const discovery = await plain.collector.discover();
  await plain.look();
  await plain.look();
  expect(discovery.absences).toEqual([]);
  source.put("/sys/block/sda/device/model", "Logical Volume  \n");
  const volumes = start(source);
  const second = await volumes.collector.discover();
  await volumes.look();
  await volumes.look();
  expect(second.absences).toMatchObject([{ reason: "tool-missing" }]);
});

test("lvs and multipath are asked only where the device mapper has something of theirs", async () => {
  const source = createMemorySource({
    "/sys/block/dm-0/dm/uuid": "mpath-3600508b1001c1234\n",
    "/sys/block/dm-1/dm/uuid": "LVM-AbCd\n",
    "/sys/block/dm-1/dm/name": "vg0-root_rimage_0\n",
  });
  source.putTool(["multipath", "-l"], { stdout: raidTexts.multipath });
  const fields = "lv_uuid,vg_name,lv_name,segtype,lv_health_status,sync_percent";
  source.putTool(["lvs", "--reportformat", "json", "--readonly", "-o", fields], {
    stdout: raidTexts.lvs,
  });
  const { sink, collector, look } = start(source);
  await collector.discover();
  await look();
  await look();
  expect(sink.value("wws.multipath.paths{3600508b1001c1234,mpatha,failed}")).toBe(2);
  expect(sink.value("wws.raid.degraded{AbCd-1,vg0/root,logical_disk}")).toBe(1);
  expect(sink.value("wws.raid.sync{AbCd-2,vg0/var,logical_disk}")).toBe(432);
  const none = start(createMemorySource({}));
  await none.collector.discover();
  await none.look();
  const plain = createMemorySource({});
  const quiet = start(plain);
  await quiet.collector.discover();
  await quiet.look();
  expect(plain.calls.filter((call) => /^(?:lvs|multipath)/.test(call))).toEqual([]);
});

test("a controller is not said to be gone while its tool was not asked yet, or fails", async () => {
  const source = createMemorySource({});
  const show = ["storcli64", "/call", "show", "all", "J", "nolog"];
  source.putTool(show, { stdout: raidTexts.storcli });
  const { clock, collector, look } = start(source);
  const discovery = await collector.discover();
  const unlooked = () => discovery.absences.filter(({ what }) => what === "components.controller");
  expect(unlooked()).toMatchObject([{ reason: "not-yet-collected" }]);
  await look();
  expect(unlooked()).toEqual([]);
  expect(discovery.identity?.components).toHaveLength(1);
  source.putTool(show, { kind: "timed-out", tool: "storcli64", detail: "no answer" });
  await clock.advance(raidToolsMs);
  await look();
  expect(unlooked()).toMatchObject([{ reason: "timed-out", detail: "no answer" }]);
});

test("who looks once is told in that look", async () => {
  const source = createMemorySource({});
  source.putTool(["storcli64", "/call", "show", "all", "J", "nolog"], {
    stdout: raidTexts.storcli,
  });
  const { sink, collector, look } = start(source, () => false, true);
  await collector.discover();
  await look();
  expect(sink.value("wws.raid.battery.ok{SRTEST01,TEST RAID,disk_controller}")).toBe(1);
});

test("a look that asks no tool changes nothing in what is told", async () => {
  const { collector, look } = start(createMemorySource({}));
  const view = await collector.discover();
  const before = view.revision;
  await look();
  const asked = view.revision;
  expect(asked).not.toBe(before);
  await look();
  expect(view.revision).toBe(asked);
});

test("a container of arrays is inactive by nature, and no degraded array", async () => {
  const source = createMemorySource({
    "/proc/mdstat":
      "Personalities : [raid1]\nmd126 : active raid1 sda[1] sdb[0]\n      976759808 blocks super external:/md127/0 [2/2] [UU]\n\nmd127 : inactive sdb[1](S) sda[0](S)\n      6306 blocks super external:imsm\n\nunused devices: <none>\n",
  });
  const { sink, collector, look } = start(source);
  await collector.discover();
  await look();
  expect(sink.value("wws.raid.degraded{md126,md126,logical_disk}")).toBe(0);
  expect(sink.names()).not.toContain("wws.raid.degraded{md127,md127,logical_disk}");
});
