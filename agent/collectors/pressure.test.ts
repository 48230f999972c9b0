import { expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createPressureCollector, parsePressure } from "./pressure.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const line = (kind: string, total: number | string): string =>
  `${kind} avg10=0.00 avg60=0.34 avg300=0.10 total=${total}\n`;
const files = {
  "/proc/pressure/cpu": line("some", 14_036_781) + line("full", 0),
  "/proc/pressure/memory": line("some", 0) + line("full", 0),
  "/proc/pressure/io": line("some", 159) + line("full", 150),
};

test("totals are series in microseconds; a kernel without irq pressure lacks nothing", () => {
  const source = createMemorySource(files);
  const sink = createValueSink();
  const collector = createPressureCollector(source, sink);
  expect(collector.discover()).toEqual({ absences: [] });
  expect(collector.collect(monotonicMs(0))).toBeNull();
  expect(sink.value("wws.pressure.stall_time{cpu,some}")).toBe(14_036_781);
  expect(sink.value("wws.pressure.stall_time{io,full}")).toBe(150);
  expect(sink.names()).toHaveLength(6);
  collector.close();
});

test("irq pressure has only the time in which all waited", () => {
  const source = createMemorySource({ ...files, "/proc/pressure/irq": line("full", 8494) });
  const sink = createValueSink();
  const collector = createPressureCollector(source, sink);
  void collector.discover();
  void collector.collect(monotonicMs(0));
  expect(sink.value("wws.pressure.stall_time{irq,full}")).toBe(8494);
  expect(sink.names()).not.toContain("wws.pressure.stall_time{irq,some}");
});

test("a kernel without pressure information is told once, with what would mend it", () => {
  const collector = createPressureCollector(createMemorySource(), createValueSink());
  expect(collector.discover()).toMatchObject({
    absences: [
      { attributes: [], reason: "no-kernel-interface", detail: expect.stringContaining("psi=1") },
    ],
  });
});

test("a kernel that has the files and refuses to read them was told not to account", () => {
  const source = createMemorySource();
  for (const resource of ["cpu", "memory", "io"])
    source.putProblem(`/proc/pressure/${resource}`, "failed", "EOPNOTSUPP");
  expect(createPressureCollector(source, createValueSink()).discover()).toMatchObject({
    absences: [{ reason: "switched-off" }],
  });
});

test.each([
  ["", null, null],
  ["some avg10=0.00 total=\n", null, null],
  ["some total=5\nsome total=9\n", 5, null],
  ["full avg10=x total=99999999999999999999\n", null, null],
  ["\0\0some total=1", null, null],
  [line("some", -5), null, null],
])("%j gives some %j and full %j", (text, some, full) => {
  expect(parsePressure(bytes(text))).toEqual({ some, full });
});
