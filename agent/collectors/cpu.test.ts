import { expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createCpuCollector } from "./cpu.ts";

const load = { "/proc/loadavg": "12.34 11.22 10.01 13/2345 987654\n" };

function startOn(stat: string, more: Readonly<Record<string, string>> = {}) {
  const source = createMemorySource({ ...load, ...more, "/proc/stat": stat });
  const sink = createValueSink();
  const collector = createCpuCollector(source, sink);
  const step = async (atMs: number, next?: string) => {
    if (next !== undefined) source.put("/proc/stat", next);
    sink.beginStep();
    return collector.collect(monotonicMs(atMs));
  };
  return { source, sink, collector, step };
}

const first =
  "cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 50 0 50 400 0 0 0 0 0 0\ncpu1 50 0 50 400 0 0 0 0 0 0\nintr 5 1 2\n";
const second =
  "cpu  160 0 120 900 20 0 0 0 50 0\ncpu0 110 0 70 420 0 0 0 0 50 0\ncpu1 50 0 50 480 20 0 0 0 0 0\nintr 9 1 2\n";

test("a share is made of two readings; the first gives none", async () => {
  const { sink, collector, step } = startOn(first);
  expect((await collector.discover()).absences).toEqual([]);
  await step(0);
  expect(sink.value("system.cpu.utilization")).toBeUndefined();
  await step(1000, second);
  // 60 + 20 ticks of 200 were neither idle nor waiting.
  expect(sink.value("system.cpu.utilization")).toBe(4000);
  expect(sink.value("system.cpu.utilization{0}")).toBe(8000);
  expect(sink.value("system.cpu.utilization{1}")).toBe(0);
  expect(sink.value("system.cpu.utilization{iowait}")).toBe(1000);
  expect(sink.value("system.cpu.load_average.1m")).toBe(1234);
});

test("the time of each CPU in each mode comes on demand, in ticks, and not for one that is away", async () => {
  const source = createMemorySource({ ...load, "/proc/stat": first });
  const sink = createValueSink();
  const collector = createCpuCollector(source, sink, { timeByCpu: true });
  await collector.discover();
  sink.beginStep();
  await collector.collect(monotonicMs(0));
  source.put("/proc/stat", "cpu  160 0 120 900 20 0 0 0\ncpu0 110 0 70 420 7 0 0 0 50 0\n");
  sink.beginStep();
  await collector.collect(monotonicMs(1_000));
  expect(sink.value("system.cpu.time{0,user}")).toBe(110);
  expect(sink.value("system.cpu.time{0,iowait}")).toBe(7);
  expect(sink.value("system.cpu.time{1,user}")).toBeUndefined();
  expect(sink.value("system.cpu.utilization{0}")).toBeDefined();
});

test("nobody who did not ask for it has that time", async () => {
  const { sink, collector } = startOn(first);
  await collector.discover();
  expect(sink.names().filter((name) => name.startsWith("system.cpu.time"))).toEqual([]);
});

test("guest time is inside user and is not counted twice", async () => {
  const { sink, collector, step } = startOn(first);
  await collector.discover();
  await step(0);
  await step(1000, "cpu  200 0 100 900 0 0 0 0 100 0\n");
  expect(sink.value("system.cpu.utilization")).toBe(5000);
});

test.each([
  ["8", "cpu  10 0 10 80 0 0 0 0\n", "cpu  20 0 10 170 0 0 0 0\n"],
  ["7", "cpu  10 0 10 80 0 0 0\n", "cpu  20 0 10 170 0 0 0\n"],
  ["4", "cpu  10 0 10 80\n", "cpu  20 0 10 170\n"],
])("kernels that give %s numbers a line are understood", async (_, before, after) => {
  const { sink, collector, step } = startOn(before);
  await collector.discover();
  await step(0);
  await step(1000, after);
  expect(sink.value("system.cpu.utilization")).toBe(1000);
});

test("a time that went back costs that CPU's point, and the next one is right again", async () => {
  const { sink, collector, step } = startOn("cpu  0 0 0 100 50 0 0 0\ncpu0 0 0 0 100 50 0 0 0\n");
  await collector.discover();
  await step(0);
  await step(1000, "cpu  50 0 0 150 49 0 0 0\ncpu0 50 0 0 150 49 0 0 0\n");
  expect(sink.value("system.cpu.utilization")).toBeUndefined();
  expect(sink.value("system.cpu.utilization{0}")).toBeUndefined();
  await step(2000, "cpu  100 0 0 200 49 0 0 0\ncpu0 100 0 0 200 49 0 0 0\n");
  expect(sink.value("system.cpu.utilization")).toBe(5000);
});

test("a CPU that leaves and comes back has no share over the time between", async () => {
  const { sink, collector, step } = startOn(first);
  await collector.discover();
  await step(0);
  await step(1000, "cpu  160 0 120 900 20 0 0 0\ncpu0 110 0 70 420 0 0 0 0\n");
  expect(sink.value("system.cpu.utilization{1}")).toBeUndefined();
  await step(2000, second);
  expect(sink.value("system.cpu.utilization{1}")).toBeUndefined();
  await step(
    3000,
    "cpu  160 0 120 1100 20 0 0 0\ncpu0 110 0 70 520 0 0 0 0\ncpu1 100 0 50 530 20 0 0 0\n",
  );
  expect(sink.value("system.cpu.utilization{1}")).toBe(5000);
});

test("CPUs that are listed but not online are absent: somebody switched them off", async () => {
  const { sink, collector } = startOn(first, { "/sys/devices/system/cpu/online": "0\n" });
  const { absences } = await collector.discover();
  expect(absences).toMatchObject([
    {
      what: "system.cpu.utilization",
      reason: "switched-off",
      attributes: [{ key: "cpu.logical_number", value: "1" }],
    },
  ]);
  expect(sink.names()).not.toContain("system.cpu.utilization{1}");
});

test("a long pause gives no point: its mean would be shown as one second", async () => {
  const { sink, collector, step } = startOn(first);
  await collector.discover();
  await step(0);
  await step(60_000, second);
  expect(sink.value("system.cpu.utilization")).toBeUndefined();
});

test("no CPU time passed: nothing is said, not zero", async () => {
  const { sink, collector, step } = startOn(first);
  await collector.discover();
  await step(0);
  await step(1000, first);
  expect(sink.value("system.cpu.utilization")).toBeUndefined();
});

test("a /proc/stat without a cpu line is told as unreadable", async () => {
  const { collector, step } = startOn("");
  expect((await collector.discover()).absences).toMatchObject([{ reason: "unreadable-text" }]);
  expect(await step(0)).toMatchObject({ absences: [{ reason: "unreadable-text" }] });
});

test("without /proc the host's share is absent, and the detail says what to do", async () => {
  const collector = createCpuCollector(createMemorySource(), createValueSink());
  const { absences } = await collector.discover();
  expect(absences).toContainEqual({
    what: "system.cpu.utilization",
    attributes: [],
    reason: "no-kernel-interface",
    detail: "/proc/stat (ENOENT): mount /proc",
  });
});
