import { expect, test } from "vitest";
import { someHost } from "../some-host.test-data.ts";
import { cellOf, heatScale, markOf, readCellKind } from "./cell-value.ts";

const watts = (value: number | null) =>
  someHost({
    power: { watts: value, source: "hwmon", reason: value === null ? "no meter" : null },
  });

test("the heat scale of watts reaches to the highest host, shares and degrees are fixed", () => {
  expect(heatScale("watts", [watts(412), watts(null)])).toEqual({ from: 0, to: 500, unit: "W" });
  expect(heatScale("cpu", [])).toEqual({ from: 0, to: 1, unit: "1" });
  expect(heatScale("temperature", []).to).toBe(100);
});

test("a value carries its unit and its place on the scale", () => {
  const scale = heatScale("watts", [watts(412)]);
  expect(cellOf(watts(250), "watts", scale)).toEqual({
    text: "250 W",
    heat: 0.5,
    isMissing: false,
  });
});

test("what was not seen is missing, and zero is zero", () => {
  const scale = heatScale("watts", [watts(412)]);
  expect(cellOf(watts(null), "watts", scale)).toMatchObject({ heat: null, isMissing: true });
  expect(cellOf(watts(0), "watts", scale)).toMatchObject({ heat: 0, isMissing: false });
});

test("figures of a lost host are not shown as if they were of now", () => {
  const lost = { ...watts(412), link: { ...watts(412).link, state: "lost" as const } };
  expect(cellOf(lost, "watts", heatScale("watts", [lost])).isMissing).toBe(true);
});

test("the kind is read from the address, and anything else is the state", () => {
  expect(readCellKind("watts")).toBe("watts");
  expect(readCellKind("toString")).toBe("state");
  expect(readCellKind(null)).toBe("state");
});

test("asked for lives, each box shows the life's word and shape, whatever else is wrong", () => {
  const host = someHost({ lifecycle: "draining" });
  const lost = { ...host, link: { ...host.link, state: "lost" as const } };
  expect(cellOf(lost, "lifecycle", null).text).toBe("draining");
  expect(markOf(lost, "lifecycle").shape).toBe("half");
  expect(markOf(lost, "state").word).toBe("lost");
});
