import { describe, expect, test } from "vitest";
import { absenceReasons } from "./absence.ts";
import { hardwareMetrics } from "./hardware-metrics.ts";
import { findMetric, metrics } from "./metrics.ts";
import { networkMetrics } from "./network-metrics.ts";
import { processorMetrics } from "./processor-metrics.ts";
import { refusals } from "./refusal.ts";
import { storageMetrics } from "./storage-metrics.ts";

const list = Object.entries(metrics);

describe("the catalogue of metrics", () => {
  test("has OpenTelemetry names: system or hw, or our own prefix", () => {
    for (const [name] of list) {
      expect(name).toMatch(/^(system|hw|wws)(\.[a-z0-9_]+)+$/);
    }
  });

  test("has each name in one subject only", () => {
    const subjects = [processorMetrics, storageMetrics, networkMetrics, hardwareMetrics];
    expect(subjects.flatMap((subject) => Object.keys(subject)).sort()).toEqual(
      Object.keys(metrics).sort(),
    );
  });

  test("has one way to write a unit", () => {
    const units = ["1", "By", "s", "W", "J", "Cel", "rpm", "V", "Hz"];
    for (const [name, { unit }] of list) {
      const isKnown = units.includes(unit) || /^\{[a-z]+\}$/.test(unit);
      expect([name, isKnown]).toEqual([name, true]);
    }
  });

  test("says of each what it is, in a sentence", () => {
    for (const [, { description }] of list) expect(description.length).toBeGreaterThan(15);
  });

  test("never adds up temperatures, speeds, shares or voltages over a host", () => {
    for (const [name, { unit, hostWide, kind }] of list) {
      if (["Cel", "rpm", "V"].includes(unit) || name.endsWith("utilization")) {
        expect([name, hostWide === "sum", kind]).toEqual([name, false, "gauge"]);
      }
    }
  });

  test("finds a metric by its name and nothing by the names of an object's prototype", () => {
    expect(findMetric("hw.temperature")).toBe(metrics["hw.temperature"]);
    for (const name of ["constructor", "__proto__", "toString", "", "HW.temperature"]) {
      expect(findMetric(name)).toBeUndefined();
    }
  });
});

test.each([
  ["absence", absenceReasons],
  ["refusal", refusals],
])("every %s has a stable word and a sentence", (_, words) => {
  for (const [word, sentence] of Object.entries(words)) {
    expect(word).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(sentence.length).toBeGreaterThan(15);
  }
});
