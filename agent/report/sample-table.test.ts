import { expect, test } from "vitest";
import { createSampleTable, noSeries, type SampleBatch, seriesMax } from "./sample-table.ts";

const gauge = { metric: "hw.host.power", attributes: {}, exponent: -3 } as const;
const counter = {
  metric: "system.disk.io",
  attributes: { "system.device": "sda", "disk.io.direction": "read" },
  exponent: 0,
} as const;

const valuesOf = (batch: SampleBatch | null, handle: number): readonly number[] => [
  ...(batch?.rows.find((row) => row.handle === handle)?.values ?? []),
];

test("the same request gives the same handle, whatever the order of its attributes", () => {
  const table = createSampleTable();
  const handle = table.declare(counter);
  const turned = { "disk.io.direction": "read", "system.device": "sda" };
  expect(table.declare({ ...counter, attributes: turned })).toBe(handle);
  expect(table.declare({ ...counter, exponent: 3 })).not.toBe(handle);
});

test("what is not set in a step was not seen, and is not zero", () => {
  const table = createSampleTable();
  const handle = table.declare(gauge);
  table.begin(100);
  table.set(handle, 7);
  table.begin(101);
  table.begin(102);
  table.set(handle, 0);
  const batch = table.take();
  expect(batch).toMatchObject({ firstStep: 100, steps: 3 });
  expect(valuesOf(batch, handle)).toEqual([7, Number.NaN, 0]);
});

test("steps that were left out stay unseen", () => {
  const table = createSampleTable();
  const handle = table.declare(gauge);
  table.begin(10);
  table.set(handle, 1);
  table.begin(40);
  table.set(handle, 2);
  const values = valuesOf(table.take(), handle);
  expect(values.length).toBe(31);
  expect(values[0]).toBe(1);
  expect(values[30]).toBe(2);
  expect(values.slice(1, 30).every(Number.isNaN)).toBe(true);
});

test("counters become increments, across batches too, and the first reading is no point", () => {
  const table = createSampleTable();
  const handle = table.declare(counter);
  table.begin(0);
  table.set(handle, 1_000);
  table.begin(1);
  table.set(handle, 1_010);
  expect(valuesOf(table.take(), handle)).toEqual([Number.NaN, 10]);
  table.begin(2);
  table.set(handle, 1_015);
  expect(valuesOf(table.take(), handle)).toEqual([5]);
});

test("after a sleep counters begin anew, so that no point covers time nobody watched", () => {
  const table = createSampleTable();
  const handle = table.declare(counter);
  table.begin(0);
  table.set(handle, 1_000);
  table.forgetCounters();
  table.begin(500);
  table.set(handle, 9_000);
  table.begin(501);
  table.set(handle, 9_001);
  const values = valuesOf(table.take(), handle);
  expect(values.at(-1)).toBe(1);
  expect(values.filter((value) => !Number.isNaN(value))).toEqual([1]);
});

test("a slow collector's value that comes after the batch was taken counts for the next step", () => {
  const table = createSampleTable();
  const handle = table.declare(gauge);
  table.begin(0);
  expect(table.take()?.rows).toEqual([]);
  table.set(handle, 42);
  table.begin(1);
  expect(valuesOf(table.take(), handle)).toEqual([42]);
});

test("what is no whole number within 2^53 is not a point", () => {
  const table = createSampleTable();
  const handle = table.declare(gauge);
  table.begin(0);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 0.5, 2 ** 53]) {
    table.set(handle, value);
  }
  expect(table.take()?.rows).toEqual([]);
});

test("a series without a point has no row, and nothing begun gives no batch", () => {
  const table = createSampleTable();
  table.declare(gauge);
  expect(table.take()).toBeNull();
  table.begin(3);
  expect(table.take()).toMatchObject({ steps: 1, rows: [] });
  expect(table.take()).toBeNull();
});

test("room grows with series and steps, and nothing gets mixed up", () => {
  const table = createSampleTable();
  const handles: number[] = [];
  for (let index = 0; index < 300; index += 1) {
    handles.push(table.declare({ ...counter, attributes: { "system.device": `d${index}` } }));
  }
  for (let step = 0; step < 50; step += 1) {
    table.begin(step);
    for (const handle of handles) table.set(handle, step * (handle + 1));
  }
  const batch = table.take();
  for (const handle of handles) {
    expect(new Set(valuesOf(batch, handle).slice(1))).toEqual(new Set([handle + 1]));
  }
});

test("beyond the largest number of series nothing is kept, and nothing breaks", () => {
  const table = createSampleTable();
  for (let index = 0; index < seriesMax; index += 1) {
    table.declare({ ...counter, attributes: { "system.device": `d${index}` } });
  }
  const handle = table.declare({ ...counter, attributes: { "system.device": "one too many" } });
  expect(handle).toBe(noSeries);
  table.begin(0);
  table.set(handle, 5);
  expect(table.take()?.rows).toEqual([]);
});

test("a handle that was never given out is a defect, and says so", () => {
  const table = createSampleTable();
  table.begin(0);
  expect(() => table.set(3, 1)).toThrow(RangeError);
});

test("what is declared before the first step counts as heard then", () => {
  const table = createSampleTable(7_000_000);
  expect(table.lastHeardStep(table.declare(gauge))).toBe(7_000_000);
});

test("what was handed out stays as it was while the next batch is filled", () => {
  const table = createSampleTable();
  const handle = table.declare(gauge);
  table.begin(0);
  table.set(handle, 1);
  const first = table.take();
  table.set(handle, 2);
  table.begin(1);
  table.begin(2);
  table.set(handle, 3);
  expect(valuesOf(first, handle)).toEqual([1]);
  expect(valuesOf(table.take(), handle)).toEqual([2, 3]);
  table.begin(3);
  expect(valuesOf(table.take(), handle)).toEqual([]);
});
