import { expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource, type MemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createDiskCollector } from "./disks.ts";

function start(diskstats: string, devices: readonly string[], others: readonly string[] = []) {
  const source = createMemorySource({ "/proc/diskstats": diskstats });
  for (const name of devices) source.putLink(`/sys/block/${name}/device`, "../../../0:0:0:0");
  for (const name of others) source.put(`/sys/block/${name}/size`, "0\n");
  return startOn(source);
}

function startOn(source: MemorySource) {
  const sink = createValueSink();
  const collector = createDiskCollector(source, sink);
  const step = async (atMs: number, text?: string) => {
    if (text !== undefined) source.put("/proc/diskstats", text);
    sink.beginStep();
    return collector.collect(monotonicMs(atMs));
  };
  const devices = () =>
    sink
      .names()
      .flatMap((name) => /^system\.disk\.io_time\{(.*)\}$/.exec(name)?.[1] ?? [])
      .sort();
  return { source, sink, collector, step, devices };
}

test.each([
  ["14", "   8  0 sda 10 1 2000 30 40 4 5000 60 7 800 90\n"],
  ["18", "   8  0 sda 10 1 2000 30 40 4 5000 60 7 800 90 1 2 3 4\n"],
  ["20", "   8  0 sda 10 1 2000 30 40 4 5000 60 7 800 90 1 2 3 4 5 6\n"],
  ["24", "   8  0 sda 10 1 2000 30 40 4 5000 60 7 800 90 1 2 3 4 5 6 7 8 9 10\n"],
])("lines of %s columns give the same counters", async (_, text) => {
  const { sink, collector, step } = start(text, ["sda"]);
  expect((await collector.discover()).absences).toEqual([]);
  expect(await step(0)).toBeNull();
  expect(sink.values()).toEqual({
    "system.disk.operations{sda,read}": 10,
    "system.disk.io{sda,read}": 2000,
    "system.disk.operation_time{sda,read}": 30,
    "system.disk.operations{sda,write}": 40,
    "system.disk.io{sda,write}": 5000,
    "system.disk.operation_time{sda,write}": 60,
    "system.disk.io_time{sda}": 800,
  });
  expect(sink.request("system.disk.io{sda,read}")).toMatchObject({ exponent: 0, quantum: 512 });
});

test("whole disks only: no partitions, loops, dm, md, ram or zram", async () => {
  const row = (name: string): string => `   8 0 ${name} 1 1 1 1 1 1 1 1 1 1 1\n`;
  const names = [
    "ram0",
    "loop0",
    "sda",
    "sda1",
    "nvme0n1",
    "nvme0n1p1",
    "dm-0",
    "md127",
    "zram0",
    "sr0",
    "vda",
    "nbd0",
  ];
  const { collector, devices } = start(
    names.map(row).join(""),
    ["sda", "nvme0n1", "vda", "sr0", "nbd0"],
    ["ram0", "loop0", "dm-0", "md127", "zram0"],
  );
  await collector.discover();
  expect(devices()).toEqual(["nvme0n1", "sda", "vda"]);
});

test("where there is no /sys the names tell which are whole disks", async () => {
  const row = (name: string): string => `   8 0 ${name} 1 1 1 1 1 1 1 1 1 1 1\n`;
  const names = [
    "sda",
    "sda1",
    "sdaa",
    "nvme0n1",
    "nvme10n1p2",
    "xvda",
    "dm-3",
    "loop1",
    "dasda",
    "dasda1",
  ];
  const { collector, devices } = start(names.map(row).join(""), []);
  await collector.discover();
  expect(devices()).toEqual(["dasda", "nvme0n1", "sda", "sdaa", "xvda"]);
});

test("an NVMe disk that counts on its paths is the sum of them", async () => {
  const row = (name: string, reads: number): string =>
    `   259 0 ${name} ${reads} 0 ${reads * 8} 0 0 0 0 0 0 0 0\n`;
  const text = row("nvme0c0n1", 30) + row("nvme0c1n1", 12) + row("nvme0n1", 0);
  const { sink, collector, step } = start(text, ["nvme0n1", "nvme0c0n1", "nvme0c1n1"]);
  await collector.discover();
  await step(0);
  expect(sink.value("system.disk.operations{nvme0n1,read}")).toBe(42);
  expect(sink.names().some((name) => name.includes("nvme0c0n1"))).toBe(false);
});

test("an NVMe disk that counts itself is not added to its paths", async () => {
  const row = (name: string, reads: number): string =>
    `   259 0 ${name} ${reads} 0 ${reads * 8} 0 0 0 0 0 0 0 0\n`;
  const { sink, collector, step } = start(row("nvme0c0n1", 30) + row("nvme0n1", 31), ["nvme0n1"]);
  await collector.discover();
  await step(0);
  expect(sink.value("system.disk.operations{nvme0n1,read}")).toBe(31);
});

test("milliseconds that wrap at 32 bits go on; a counter that begins anew is handed on", async () => {
  const row = (ms: number): string => `   8 0 sda 1 0 8 ${ms} 1 0 8 1 0 1 1\n`;
  const { sink, collector, step } = start(row(2 ** 32 - 100), ["sda"]);
  await collector.discover();
  await step(0);
  await step(1000, row(400));
  expect(sink.value("system.disk.operation_time{sda,read}")).toBe(2 ** 32 + 400);
  await step(2000, row(3));
  expect(sink.value("system.disk.operation_time{sda,read}")).toBe(3);
});

test("a disk that is pulled is not seen; the others go on, and the order may change", async () => {
  const row = (name: string, reads: number): string =>
    `   8 0 ${name} ${reads} 0 8 1 1 0 8 1 0 1 1\n`;
  const { sink, collector, step } = start(row("sda", 1) + row("sdb", 2) + row("sdc", 3), [
    "sda",
    "sdb",
    "sdc",
  ]);
  await collector.discover();
  await step(0);
  await step(1000, row("sdc", 33) + row("sda", 11));
  expect(sink.value("system.disk.operations{sda,read}")).toBe(11);
  expect(sink.value("system.disk.operations{sdb,read}")).toBeUndefined();
  expect(sink.value("system.disk.operations{sdc,read}")).toBe(33);
});

test("a line cut short and padding of NULs give no half a disk", async () => {
  const { sink, collector, step } = start("   8 0 sda 1 0 8 1 1 0 8 1 0 1 1\n", ["sda"]);
  await collector.discover();
  await step(0, "   8 0 sda 1 0 8\n\0\0\0\0");
  expect(sink.values()).toEqual({});
});

test("a host without disks says so", async () => {
  const { collector } = start("   7 0 loop0 0 0 0 0 0 0 0 0 0 0 0\n", []);
  expect((await collector.discover()).absences).toMatchObject([
    { what: "system.disk.io", reason: "no-such-hardware" },
  ]);
});

test("looking again finds a new disk and keeps the old one's series", async () => {
  const row = (name: string, reads: number): string =>
    `   8 0 ${name} ${reads} 0 8 1 1 0 8 1 0 1 1\n`;
  const { source, sink, collector, step, devices } = start(row("sda", 1), ["sda"]);
  await collector.discover();
  source.putLink("/sys/block/sdb/device", "../x");
  source.put("/proc/diskstats", row("sda", 2) + row("sdb", 5));
  await collector.discover();
  await step(0);
  expect(devices()).toEqual(["sda", "sdb"]);
  expect(sink.value("system.disk.operations{sdb,read}")).toBe(5);
});
