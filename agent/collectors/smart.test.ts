import { expect, test } from "vitest";
import type { ToolAnswer } from "#agent/hardware/hardware-source.ts";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { driveTexts } from "#test/support/drive-texts.ts";
import { createMemorySource, type MemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createSmartCollector, smartLookMs } from "./smart.ts";

const sata = {
  smartctl: { version: [7, 3], exit_status: 0 },
  device: { name: "/dev/sda", type: "sat", protocol: "ATA" },
  model_name: "TEST 4000",
  serial_number: "SATA0001",
  wwn: { naa: 5, oui: 3274, id: 1 },
  user_capacity: { bytes: 4_000_787_030_016 },
  rotation_rate: 7200,
  smart_status: { passed: true },
  temperature: { current: 31 },
  power_on_time: { hours: 100 },
  ata_smart_attributes: {
    table: [
      { id: 5, name: "Reallocated_Sector_Ct", value: 90, raw: { value: 8, string: "8" } },
      { id: 197, name: "Current_Pending_Sector", value: 90, raw: { value: 2, string: "2" } },
      { id: 199, name: "UDMA_CRC_Error_Count", value: 90, raw: { value: 5, string: "5" } },
    ],
  },
};
const nvme = {
  smartctl: { version: [7, 3], exit_status: 0 },
  device: { name: "/dev/nvme0", type: "nvme", protocol: "NVMe" },
  model_name: "TEST NVME",
  serial_number: "NVME0001",
  smart_status: { passed: true },
  temperature: { current: 44 },
  power_on_time: { hours: 10 },
  nvme_smart_health_information_log: {
    critical_warning: 1,
    available_spare: 8,
    available_spare_threshold: 10,
    percentage_used: 104,
    media_errors: 7,
  },
};

function machine(devices: readonly object[]): MemorySource {
  const source = createMemorySource({
    "/proc/diskstats":
      "   8       0 sda 1 0 1 0 1 0 1 0 0 0 0\n 259       0 nvme0n1 1 0 1 0 1 0 1 0 0 0 0\n",
  });
  source.putLink(
    "/sys/block/sda",
    "../devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda",
  );
  source.putLink("/sys/block/sda/device", "../../../0:0:0:0");
  source.putLink("/sys/block/nvme0n1", "../devices/pci0000:00/0000:01:00.0/nvme/nvme0/nvme0n1");
  source.putLink("/sys/block/nvme0n1/device", "../../nvme0");
  source.putLink("/sys/bus/pci/devices/0000:00:17.0/driver", "../../../bus/pci/drivers/ahci");
  source.putTool(["smartctl", "--scan-open", "--json"], { stdout: JSON.stringify({ devices }) });
  return source;
}

const ask = (...rest: readonly string[]) => [
  "smartctl",
  "--json=c",
  "-x",
  "-n",
  "standby",
  ...rest,
];
const say = (source: MemorySource, rest: readonly string[], facts: object, exitCode = 0): void => {
  const answer: Partial<ToolAnswer> = { stdout: JSON.stringify(facts), exitCode };
  source.putTool(ask(...rest), answer);
};

function start(source: MemorySource) {
  const sink = createValueSink();
  const clock = createVirtualClock();
  const random = { next: () => 0.5 };
  const collector = createSmartCollector({ source, sink, clock, random });
  const look = async () => {
    await clock.advance(smartLookMs);
    return collector.collect(monotonicMs(clock.nowMonotonicMs()));
  };
  return { sink, clock, collector, look };
}

const two = [
  { name: "/dev/sda", type: "sat", protocol: "ATA" },
  { name: "/dev/nvme0", type: "nvme", protocol: "NVMe" },
];

test("a drive that says what it said before is no news, whatever its hours and its heat", async () => {
  const source = machine(two);
  say(source, ["-d", "sat", "/dev/sda"], sata);
  say(source, ["/dev/nvme0"], nvme);
  const { sink, collector, look } = start(source);
  const discovery = await collector.discover();
  for (let count = 0; count < 10; count += 1) await look();
  const before = discovery.revision;
  const older = { ...sata, power_on_time: { hours: 101 }, temperature: { current: 35 } };
  say(source, ["-d", "sat", "/dev/sda"], older);
  for (let count = 0; count < 130; count += 1) await look();
  expect(sink.value("wws.disk.power_on_time{SATA0001,sda,physical_disk,0000:00:17.0}")).toBe(101);
  expect(discovery.revision).toBe(before);
  say(source, ["-d", "sat", "/dev/sda"], { ...older, firmware_version: "F2" });
  for (let count = 0; count < 130; count += 1) await look();
  expect(discovery.revision).not.toBe(before);
  expect(discovery.identity?.components?.[0]?.firmware).toBe("F2");
});

test("each drive is asked in turn, and says its health", async () => {
  const source = machine(two);
  say(source, ["-d", "sat", "/dev/sda"], sata);
  say(source, ["/dev/nvme0"], nvme);
  const { sink, collector, look } = start(source);
  const discovery = await collector.discover();
  expect(await look()).toBeNull();
  const of = "SATA0001,sda,physical_disk,0000:00:17.0";
  expect(sink.values()).toEqual({
    [`wws.disk.smart.passed{${of}}`]: 1,
    [`wws.disk.sectors{${of},reallocated}`]: 8,
    [`wws.disk.sectors{${of},pending}`]: 2,
    [`wws.disk.power_on_time{${of}}`]: 100,
    [`wws.disk.attributes_failing{${of}}`]: 0,
    [`hw.temperature{${of}}`]: 310,
    [`hw.errors{${of},crc}`]: 5,
  });
  sink.beginStep();
  expect(await look()).toBeNull();
  expect(sink.value("wws.disk.spare_margin{NVME0001,nvme0n1,physical_disk,0000:01:00.0}")).toBe(-2);
  const used = "hw.physical_disk.endurance_utilization";
  expect(sink.value(`${used}{NVME0001,nvme0n1,physical_disk,0000:01:00.0}`)).toBe(104);
  expect(discovery.identity?.components).toMatchObject([
    {
      kind: "disk",
      slot: "sda",
      serial: "SATA0001",
      address: "5000cca000000001",
      parent: "0000:00:17.0",
    },
    { kind: "disk", slot: "nvme0n1", serial: "NVME0001", interface: "nvme" },
    { kind: "controller", slot: "0000:00:17.0", interface: "ahci" },
  ]);
  expect(discovery.absences).toEqual([]);
  sink.beginStep();
  expect(await look()).toBeNull();
  expect(sink.values()).toEqual({});
});

test("it says which serials it tells of, and none is ruled out before all were asked", async () => {
  const source = machine(two);
  say(source, ["-d", "sat", "/dev/sda"], sata);
  say(source, ["/dev/nvme0"], nvme);
  const { collector, look } = start(source);
  await collector.discover();
  await look();
  expect(collector.tellsOf("OTHER")).toBe(true);
  await look();
  expect([collector.tellsOf("sata0001"), collector.tellsOf("OTHER")]).toEqual([true, false]);
});

test("every drive is asked again within the cadence", async () => {
  const source = machine(two);
  say(source, ["-d", "sat", "/dev/sda"], sata);
  say(source, ["/dev/nvme0"], nvme);
  const { clock, collector, look } = start(source);
  await collector.discover();
  while (clock.nowMonotonicMs() < 2 * 600_000) await look();
  for (const device of ["/dev/sda", "/dev/nvme0"])
    expect(source.calls.filter((call) => call.endsWith(device)).length).toBeGreaterThanOrEqual(3);
});

test("hundreds of drives are still each asked within the cadence", async () => {
  const numbers = Array.from({ length: 300 }, (_, number) => number);
  const source = machine(
    numbers.map((number) => ({ name: "/dev/bus/0", type: `megaraid,${number}`, protocol: "SCSI" })),
  );
  for (const number of numbers) {
    const serial_number = `MANY${number + 1000}`;
    const drive = { ...sata, serial_number, wwn: { naa: 5, oui: 3274, id: number + 10 } };
    say(source, ["-d", `megaraid,${number}`, "/dev/bus/0"], drive);
  }
  const { clock, collector, look } = start(source);
  await collector.discover();
  while (clock.nowMonotonicMs() < 600_000 + smartLookMs) await look();
  const asked = new Set(source.calls.filter((call) => call.includes("megaraid")));
  expect(asked.size).toBe(300);
});

test("a drive in standby is asked so that it sleeps on, and is no trouble", async () => {
  const source = machine(two.slice(0, 1));
  source.remove("/sys/block/nvme0n1/device");
  const message = { string: "Device is in STANDBY mode, exit(2)", severity: "information" };
  const asleep = { smartctl: { version: [7, 3], exit_status: 2, messages: [message] } };
  say(source, ["-d", "sat", "/dev/sda"], asleep, 2);
  const { sink, collector, look } = start(source);
  const discovery = await collector.discover();
  expect(await look()).toBeNull();
  expect(sink.values()).toEqual({});
  expect(discovery.absences.map(({ what, reason }) => [what, reason])).toEqual([
    ["wws.disk.smart.passed", "switched-off"],
    ["components.disk", "switched-off"],
    ["components.controller", "switched-off"],
  ]);
});

test("a smartctl that hangs costs its own drive, which is asked less often", async () => {
  const source = machine(two);
  const detail = "smartctl gave no answer within 20000 ms";
  source.putTool(ask("-d", "sat", "/dev/sda"), { kind: "timed-out", tool: "smartctl", detail });
  say(source, ["/dev/nvme0"], nvme);
  const { sink, clock, collector, look } = start(source);
  await collector.discover();
  expect((await look())?.absences).toMatchObject([
    { reason: "timed-out", what: "wws.disk.smart.passed" },
  ]);
  await look();
  expect(sink.value("wws.disk.smart.passed{NVME0001,nvme0n1,physical_disk,0000:01:00.0}")).toBe(1);
  while (clock.nowMonotonicMs() < 6 * 3_600_000) await look();
  const calls = (device: string) => source.calls.filter((call) => call.endsWith(device)).length;
  expect(calls("/dev/nvme0")).toBeGreaterThan(35);
  expect(calls("/dev/sda")).toBeLessThan(8);
});

test("two ways to one drive are one drive, and the second takes over when the first fails", async () => {
  const source = machine([
    two[0] ?? {},
    { name: "/dev/bus/0", type: "megaraid,3", protocol: "SCSI" },
  ]);
  source.remove("/sys/block/nvme0n1/device");
  say(source, ["-d", "sat", "/dev/sda"], sata);
  say(source, ["-d", "megaraid,3", "/dev/bus/0"], sata);
  const { sink, clock, collector, look } = start(source);
  const discovery = await collector.discover();
  await look();
  await look();
  expect(discovery.identity?.components?.filter(({ kind }) => kind === "disk")).toHaveLength(1);
  expect(sink.names().filter((name) => name.startsWith("hw.temperature"))).toHaveLength(1);
  source.putTool(ask("-d", "sat", "/dev/sda"), {
    kind: "failed",
    tool: "smartctl",
    detail: "killed",
  });
  sink.beginStep();
  while (clock.nowMonotonicMs() < 700_000) await look();
  expect(source.calls.filter((call) => call.includes("megaraid,3")).length).toBeGreaterThan(1);
  expect(sink.value("hw.temperature{SATA0001,sda,physical_disk,0000:00:17.0}")).toBe(310);
});

test("two drives with one serial but different models are two", async () => {
  const source = machine([two[0] ?? {}, { name: "/dev/sdb", type: "sat", protocol: "ATA" }]);
  say(source, ["-d", "sat", "/dev/sda"], sata);
  say(source, ["-d", "sat", "/dev/sdb"], { ...sata, wwn: { naa: 5, oui: 3274, id: 2 } });
  const { sink, collector, look } = start(source);
  await collector.discover();
  await look();
  await look();
  await look();
  expect(sink.names().filter((name) => name.startsWith("hw.temperature")).length).toBeGreaterThan(
    1,
  );
});

test("without smartctl nvme is asked, in kelvin, and the rest is told with the package", async () => {
  const source = machine([]);
  source.putTool(["smartctl", "--scan-open", "--json"], {
    kind: "missing",
    tool: "smartctl",
    detail: "no smartctl",
  });
  source.put("/sys/class/nvme/nvme0/serial", "NVME0001   \n");
  source.putTool(["nvme", "smart-log", "/dev/nvme0", "-o", "json"], {
    stdout: '{"critical_warning":0,"temperature":313,"avail_spare":100,"spare_thresh":10}',
  });
  const { sink, collector, look } = start(source);
  const discovery = await collector.discover();
  expect(discovery.absences[0]).toMatchObject({ reason: "tool-missing" });
  expect(discovery.absences[0]?.detail).toContain("apt install smartmontools");
  await look();
  expect(sink.value("hw.temperature{NVME0001,nvme0n1,physical_disk,0000:01:00.0}")).toBe(400);
});

test("a pulled drive leaves its parts and says that it is gone", async () => {
  const source = machine(two);
  say(source, ["-d", "sat", "/dev/sda"], sata);
  say(source, ["/dev/nvme0"], nvme);
  const { collector, look } = start(source);
  const discovery = await collector.discover();
  await look();
  await look();
  source.remove("/sys/block/sda/device");
  source.putTool(["smartctl", "--scan-open", "--json"], {
    stdout: JSON.stringify({ devices: two.slice(1) }),
  });
  await collector.discover();
  expect(discovery.identity?.components?.map(({ serial }) => serial)).toEqual(["NVME0001"]);
  expect(discovery.absences.map(({ reason }) => reason)).toContain("no-such-hardware");
});

test("the broken JSON of one drive costs that drive alone and names the version", async () => {
  const source = machine(two);
  source.putTool(ask("-d", "sat", "/dev/sda"), {
    stdout: '{"smartctl":{"version":[7,2]}, Pending defect count:0 }',
  });
  say(source, ["/dev/nvme0"], nvme);
  const { sink, collector, look } = start(source);
  await collector.discover();
  const problem = await look();
  expect(problem?.absences).toMatchObject([{ reason: "unreadable-text" }]);
  expect(problem?.detail).toContain("7.2");
  await look();
  expect(sink.value("hw.errors{NVME0001,nvme0n1,physical_disk,0000:01:00.0,media}")).toBe(7);
});

test("where the JSON is broken the text is read, and the version is told all the same", async () => {
  const source = machine(two.slice(0, 1));
  source.remove("/sys/block/nvme0n1/device");
  source.putTool(ask("-d", "sat", "/dev/sda"), {
    stdout: "smartctl 6.6 2017-11-05\nUNRECOGNIZED OPTION",
  });
  source.putTool(["smartctl", "-x", "-n", "standby", "-d", "sat", "/dev/sda"], {
    stdout: driveTexts.text.slice(driveTexts.text.indexOf("smartctl 6.2")),
  });
  const { sink, collector, look } = start(source);
  const discovery = await collector.discover();
  expect(await look()).toBeNull();
  expect(sink.value("wws.disk.smart.passed{TEST0002,sda,physical_disk,0000:00:17.0}")).toBe(0);
  expect(discovery.absences[0]).toMatchObject({ reason: "unreadable-text" });
  expect(discovery.absences[0]?.detail).toContain("6.6");
});

test("drives behind a Smart Array are found one after the other until none answers", async () => {
  const source = createMemorySource({
    "/proc/diskstats": "   8       0 sda 1 0 1 0 1 0 1 0 0 0 0\n",
    "/sys/block/sda/device/vendor": "HP      \n",
    "/sys/block/sda/device/model": "LOGICAL VOLUME  \n",
  });
  source.putLink("/sys/block/sda/device", "../../../0:1:0:0");
  source.putTool(["smartctl", "--scan-open", "--json"], { stdout: '{"devices":[]}' });
  say(source, ["-d", "cciss,0", "/dev/sda"], sata);
  say(source, ["-d", "cciss,1", "/dev/sda"], { ...sata, serial_number: "SATA0002", wwn: null });
  say(source, ["-d", "cciss,2", "/dev/sda"], { smartctl: { version: [7, 3], exit_status: 2 } }, 2);
  const { collector, look } = start(source);
  const discovery = await collector.discover();
  for (let turn = 0; turn < 4; turn += 1) expect(await look()).toBeNull();
  expect(discovery.identity?.components?.map(({ serial }) => serial)).toEqual([
    "SATA0001",
    "SATA0002",
  ]);
  expect(discovery.absences).toEqual([]);
});

test("a drive is not said to be gone while it was not asked yet, sleeps, or the scan failed", async () => {
  const source = machine(two);
  say(source, ["-d", "sat", "/dev/sda"], sata);
  say(source, ["/dev/nvme0"], nvme);
  const { collector, look } = start(source);
  const discovery = await collector.discover();
  const unlooked = () => discovery.absences.filter(({ what }) => what.startsWith("components."));
  expect(unlooked()).toMatchObject([
    { what: "components.disk", reason: "not-yet-collected" },
    { what: "components.controller", reason: "not-yet-collected" },
  ]);
  await look();
  await look();
  expect(unlooked()).toEqual([]);
  source.putTool(["smartctl", "--scan-open", "--json"], {
    kind: "timed-out",
    tool: "smartctl",
    detail: "no answer",
  });
  await collector.discover();
  expect(unlooked()).toMatchObject([{ reason: "timed-out" }, { reason: "timed-out" }]);
  expect(discovery.identity?.components?.filter(({ kind }) => kind === "disk")).toHaveLength(2);

  const asleep = machine(two.slice(0, 1));
  asleep.remove("/sys/block/nvme0n1/device");
  say(
    asleep,
    ["-d", "sat", "/dev/sda"],
    {
      smartctl: {
        version: [7, 3],
        exit_status: 2,
        messages: [{ string: "Device is in STANDBY mode, exit(2)", severity: "information" }],
      },
    },
    2,
  );
  const night = start(asleep);
  const dark = await night.collector.discover();
  await night.look();
  expect(dark.absences.find(({ what }) => what === "components.disk")).toMatchObject({
    reason: "switched-off",
  });
});
