import { expect, test } from "vitest";
import type { TelemetryAnswer } from "#fleet/api/telemetry-schemas.ts";
import { highestOf, isEmptyChart, shapeChart } from "./chart-data.ts";

type Series = TelemetryAnswer["series"][number];

function answer(series: readonly Series[], to = 4_000): TelemetryAnswer {
  const head = { metric: "system.disk.io", unit: "By/s", from: 0, to, step: 1_000 };
  return { ...head, series: [...series], coverage: 0.75, gaps: [] };
}

function series(points: Series["points"], direction = "read"): Series {
  return { attributes: { "disk.io.direction": direction }, points, coverage: 1 };
}

const byDirection = (attributes: Readonly<Record<string, string>>) =>
  attributes["disk.io.direction"];

test("every step has its place, and what the answer leaves out is null, never zero", () => {
  const data = shapeChart(
    {
      mean: answer([
        series([
          [1_000, 7],
          [3_000, 0],
        ]),
      ]),
      min: null,
      max: null,
    },
    byDirection,
  );
  expect(data.timesMs).toEqual([0, 1_000, 2_000, 3_000]);
  expect(data.series).toEqual([{ name: "read", values: [null, 7, null, 0], band: null }]);
  expect(data.coverage).toBe(0.75);
});

test("the band belongs to the series of the same attributes, in whatever order they come", () => {
  const of = (value: number) =>
    answer([series([[0, value]], "read"), series([[0, value + 1]], "write")], 1_000);
  const turned = { ...of(9), series: [...of(9).series].reverse() };
  const data = shapeChart({ mean: of(5), min: of(1), max: turned }, byDirection);
  expect(data.series.map(({ name, band }) => [name, band?.min[0], band?.max[0]])).toEqual([
    ["read", 1, 9],
    ["write", 2, 10],
  ]);
  expect(highestOf(data)).toBe(10);
});

test("a series that the chart does not name is left out", () => {
  const mean = answer([series([[0, 1]], "discard"), series([[0, 2]], "write")], 1_000);
  const data = shapeChart({ mean, min: null, max: null }, ({ "disk.io.direction": way }) =>
    way === "write" ? way : undefined,
  );
  expect(data.series.map(({ name }) => name)).toEqual(["write"]);
});

test("zeros are something, nulls are nothing", () => {
  const chart = (value: number | null) =>
    shapeChart({ mean: answer([series([[0, value]])]), min: null, max: null }, byDirection);
  expect(isEmptyChart(chart(0))).toBe(false);
  expect(isEmptyChart(chart(null))).toBe(true);
  expect(highestOf(chart(null))).toBeNull();
});
