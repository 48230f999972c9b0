import { expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createNumaCollector } from "./numa.ts";
import { parseCpuMap, parseNumaMemory, readNumaNodes } from "./numa-nodes.ts";

const node = "/sys/devices/system/node";
const meminfo = (number: number, total: number, free: number): string =>
  `Node ${number} MemTotal:       ${total} kB\nNode ${number} MemFree:        ${free} kB\nNode ${number} MemUsed:  1 kB\n`;
const twoNodes = {
  "/proc/stat": "cpu  0 0 0 0\ncpu0 0 0 0 0 0\ncpu1 0 0 0 0 0\ncpu2 0 0 0 0 0\ncpu3 0 0 0 0 0\n",
  [`${node}/node0/cpulist`]: "0-1\n\0",
  [`${node}/node0/meminfo`]: meminfo(0, 1000, 400),
  [`${node}/node8/cpulist`]: "2-3\n",
  [`${node}/node8/meminfo`]: meminfo(8, 2000, 2000),
  [`${node}/node250/cpulist`]: "\n",
  [`${node}/node250/meminfo`]: meminfo(250, 500, 500),
};

function start(files: Readonly<Record<string, string>>) {
  const source = createMemorySource(files);
  const sink = createValueSink();
  const collector = createNumaCollector(source, sink);
  const found = collector.discover();
  if (!("absences" in found)) throw new Error("it looks at once");
  return { source, sink, collector, absences: found.absences };
}

test("a node's share is that of its CPUs; a node without CPUs has memory alone", () => {
  const { source, sink, collector, absences } = start(twoNodes);
  expect(absences).toEqual([]);
  void collector.collect(monotonicMs(0));
  expect(sink.value("wws.numa.cpu.utilization{0}")).toBeUndefined();
  source.put(
    "/proc/stat",
    "cpu  0 0 0 0\ncpu0 50 0 0 50 0\ncpu1 0 0 0 90 10\ncpu2 100 0 0 0 0\ncpu3 100 0 0 0 0\n",
  );
  expect(collector.collect(monotonicMs(10_000))).toBeNull();
  expect(sink.values()).toEqual({
    "wws.numa.cpu.utilization{0}": 2500,
    "wws.numa.cpu.utilization{8}": 10_000,
    "wws.numa.memory.usage{0,used}": 600,
    "wws.numa.memory.usage{0,free}": 400,
    "wws.numa.memory.usage{8,used}": 0,
    "wws.numa.memory.usage{8,free}": 2000,
    "wws.numa.memory.usage{250,used}": 0,
    "wws.numa.memory.usage{250,free}": 500,
  });
});

test("a CPU whose time went back, or that is offline now, is left out of its node's share", () => {
  const { source, sink, collector } = start({
    ...twoNodes,
    "/proc/stat":
      "cpu  1 1 1 1\ncpu0 0 0 0 100 0\ncpu1 0 0 0 100 50\ncpu2 0 0 0 0 0\ncpu3 0 0 0 0\n",
  });
  void collector.collect(monotonicMs(0));
  source.put("/proc/stat", "cpu  1 1 1 1\ncpu0 30 0 0 170 0\ncpu1 99 0 0 100 49\ncpu3 0 0 0 10\n");
  void collector.collect(monotonicMs(10_000));
  expect(sink.value("wws.numa.cpu.utilization{0}")).toBe(3000);
  expect(sink.value("wws.numa.cpu.utilization{8}")).toBe(0);
});

test("two readings far apart give no share", () => {
  const { source, sink, collector } = start(twoNodes);
  void collector.collect(monotonicMs(0));
  source.put("/proc/stat", "cpu  0 0 0 0\ncpu0 50 0 0 50 0\n");
  void collector.collect(monotonicMs(60_000));
  expect(sink.value("wws.numa.cpu.utilization{0}")).toBeUndefined();
});

test("firmware that puts every CPU in every node gets no share by node, and is told", () => {
  const { sink, absences } = start({ ...twoNodes, [`${node}/node8/cpulist`]: "0-3\n" });
  expect(absences).toMatchObject([{ what: "wws.numa.cpu.utilization", reason: "implausible" }]);
  expect(sink.names().every((name) => name.startsWith("wws.numa.memory"))).toBe(true);
});

test("a kernel without nodes, and a node without figures, are told", () => {
  expect(start({ "/proc/stat": "cpu 1 1 1 1\n" }).absences).toMatchObject([
    { reason: "no-kernel-interface" },
  ]);
  const { source, collector } = start(twoNodes);
  source.put(`${node}/node0/meminfo`, "Node 0 MemTotal: 5 kB\nNode 0 MemFree: 6 kB\n");
  const problem = collector.collect(monotonicMs(0));
  expect(problem).toMatchObject({ absences: [{ reason: "unreadable-text" }] });
});

test("a map of bits stands in where there is no list", () => {
  expect(parseCpuMap("00000000,00ff0001\n")).toEqual([0, 16, 17, 18, 19, 20, 21, 22, 23]);
  expect(parseCpuMap("80000001,00000000")).toEqual([32, 63]);
  expect(["", "xyz", "1,,2", "123456789", "0,".repeat(5000)].map(parseCpuMap)).toEqual([
    [],
    [],
    [],
    [],
    [],
  ]);
  const source = createMemorySource({ [`${node}/node3/cpumap`]: "f0\n" });
  expect(readNumaNodes(source)).toEqual([{ node: 3, cpus: [4, 5, 6, 7] }]);
});

test.each(["", "Node 0 MemTotal: x kB", "Node 0 MemFree: 5 kB", "MemTotal: 5 kB\nMemFree: 1 kB"])(
  "%j has no figures",
  (text) => {
    expect(parseNumaMemory(text)).toBeNull();
  },
);
