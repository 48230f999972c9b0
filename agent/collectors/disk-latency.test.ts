import { expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createDiskLatencyCollector } from "./disk-latency.ts";

const row = (reads: number, readMs: number, writes: number, writeMs: number): string =>
  `   8       0 sda ${reads} 0 8 ${readMs} ${writes} 0 8 ${writeMs} 0 5 5\n`;

test("latency is the time of the operations that ended between two readings", async () => {
  const source = createMemorySource({ "/proc/diskstats": row(100, 500, 10, 90) });
  source.putLink("/sys/block/sda/device", "../../../0:0:0:0");
  const sink = createValueSink();
  const collector = createDiskLatencyCollector(source, sink);
  await collector.discover();
  const next = async (text: string) => {
    sink.beginStep();
    source.put("/proc/diskstats", text);
    await collector.collect(monotonicMs(0));
    return sink.values();
  };
  expect(await next(row(100, 500, 10, 90))).toEqual({});
  expect(await next(row(140, 600, 10, 90))).toEqual({
    "system.disk.operation_latency{sda,read}": 2_500,
  });
  // Nothing ended: a gap. Then a counter that began anew: a gap too.
  expect(await next(row(140, 600, 10, 90))).toEqual({});
  expect(await next(row(3, 1, 20, 91))).toEqual({
    "system.disk.operation_latency{sda,write}": 100,
  });
  expect(await next("   8       0 sda 5 1\n")).toEqual({});
  expect(await next(row(50, 100, 30, 100))).toEqual({});
});
