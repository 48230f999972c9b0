import { expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createMemoryCollector } from "./memory.ts";

const modern = [
  "MemTotal:       1000 kB",
  "MemFree:         200 kB",
  "MemAvailable:    600 kB",
  "Buffers:          50 kB",
  "Cached:          300 kB",
  "SwapCached:        0 kB",
  "SwapTotal:       400 kB",
  "SwapFree:        100 kB",
  "SReclaimable:     80 kB",
  "",
].join("\n");

function start(text: string) {
  const source = createMemorySource({ "/proc/meminfo": text });
  const sink = createValueSink();
  return { sink, collector: createMemoryCollector(source, sink) };
}

test("the states add up to the limit", async () => {
  const { sink, collector } = start(modern);
  const { absences, identity } = await collector.discover();
  expect(absences).toEqual([]);
  expect(identity).toEqual({ memoryBytes: 1_024_000 });
  expect(await collector.collect(monotonicMs(0))).toBeNull();
  expect(sink.values()).toEqual({
    "system.memory.limit": 1000,
    "system.memory.utilization": 4000,
    "system.memory.usage{used}": 370,
    "system.memory.usage{free}": 200,
    "system.memory.usage{cached}": 380,
    "system.memory.usage{buffers}": 50,
    "system.paging.usage{used}": 300,
    "system.paging.usage{free}": 100,
  });
  expect(sink.request("system.memory.limit").quantum).toBe(1024);
});

test("kernels before 3.14 have no MemAvailable: free, buffers and cached stand for it", async () => {
  const { sink, collector } = start(
    "MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 100 kB\nCached: 300 kB\n",
  );
  await collector.discover();
  await collector.collect(monotonicMs(0));
  expect(sink.value("system.memory.utilization")).toBe(5000);
});

test("a host without swap says so, and shows no swap of zero bytes", async () => {
  const { sink, collector } = start(modern.replace("400", "0").replace("100 kB", "0 kB"));
  const { absences } = await collector.discover();
  expect(absences).toMatchObject([{ what: "system.paging.usage", reason: "switched-off" }]);
  expect(sink.names().filter((name) => name.startsWith("system.paging"))).toEqual([]);
});

test("a text without MemTotal is unreadable", async () => {
  const { collector } = start("MemFree: 5 kB\n");
  expect((await collector.discover()).absences).toMatchObject([
    { what: "system.memory.usage", reason: "unreadable-text" },
    { what: "memoryBytes", reason: "unreadable-text" },
  ]);
});
