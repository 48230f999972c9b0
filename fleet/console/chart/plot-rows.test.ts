import { expect, test } from "vitest";
import type { ChartData, ChartSeries } from "./chart-data.ts";
import { plotRows } from "./plot-rows.ts";

const chart = (series: readonly ChartSeries[]): ChartData => ({
  unit: "W",
  fromMs: 0,
  toMs: 2_000,
  stepMs: 1_000,
  timesMs: [0, 1_000],
  series,
  coverage: 1,
  gaps: [],
  sources: [],
});

test("a line without a band is itself", () => {
  const rows = plotRows(chart([{ name: "a", values: [1, null], band: null }]));
  expect(rows.lines).toEqual([{ kind: "line", colour: 0, values: [1, null] }]);
  expect(rows.bands).toEqual([]);
});

test("a band is named by the places of its edges, counted after the times", () => {
  const band = { min: [0, 0], max: [9, 9] };
  const rows = plotRows(
    chart([
      { name: "a", values: [1, 2], band: null },
      { name: "b", values: [3, 4], band },
    ]),
  );
  expect(rows.bands).toEqual([{ min: 2, max: 3, colour: 1 }]);
  const listAt = (place: number) => [rows.timesMs, ...rows.lines.map((line) => line.values)][place];
  expect([listAt(2), listAt(3), listAt(4)]).toEqual([band.min, band.max, [3, 4]]);
});
