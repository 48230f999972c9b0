import { expect, test } from "vitest";
import type { ChartData } from "./chart-data.ts";
import { chooseSeries } from "./choose-series.ts";

const chart = (peaks: Readonly<Record<string, number | null>>): ChartData => ({
  unit: "1",
  fromMs: 0,
  toMs: 1_000,
  stepMs: 1_000,
  timesMs: [0],
  series: Object.entries(peaks).map(([name, peak]) => ({ name, values: [peak], band: null })),
  coverage: 1,
  gaps: [],
  sources: [],
});

test("the highest are drawn, in the order in which they came, and the rest is counted", () => {
  const { drawn, left } = chooseSeries(
    chart({ user: 0.5, nice: 0, system: 0.2, irq: null, iowait: 0.9 }),
    3,
  );
  expect(drawn.series.map(({ name }) => name)).toEqual(["user", "system", "iowait"]);
  expect(left).toBe(2);
});

test("where there is a colour for each, each is drawn", () => {
  const data = chart({ read: 0, write: null });
  expect(chooseSeries(data, 6)).toEqual({ drawn: data, left: 0 });
});
