import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import type { TelemetryAnswer } from "#fleet/api/telemetry-schemas.ts";
import { mergeAnswers, resumeFrom } from "./merge-answers.ts";

/** Values from `from` on, one a second. */
function answer(from: number, values: readonly (number | null)[], name = ""): TelemetryAnswer {
  const points = values.map((value, row): [number, number | null] => [from + row * 1_000, value]);
  const seen = values.filter((value) => value !== null).length;
  const coverage = values.length === 0 ? 0 : seen / values.length;
  const attributes: Record<string, string> = name === "" ? {} : { name };
  return {
    metric: "system.cpu.utilization",
    unit: "1",
    from,
    to: from + values.length * 1_000,
    step: 1_000,
    series: [{ attributes, points, coverage }],
    coverage,
    gaps: [],
  };
}

const valuesOf = (of: TelemetryAnswer) => of.series[0]?.points.map(([, value]) => value);

test("newer points go on the end, the oldest leave the window", () => {
  const merged = mergeAnswers(answer(0, [1, 2, 3, 4]), answer(3_000, [4, 5, 6]), 4_000);
  expect(merged).toMatchObject({ from: 2_000, to: 6_000, coverage: 1 });
  expect(valuesOf(merged)).toEqual([3, 4, 5, 6]);
});

test("a point that arrived late fills its hole", () => {
  const merged = mergeAnswers(answer(0, [1, null, 3]), answer(1_000, [2, 3, 4]), 60_000);
  expect(valuesOf(merged)).toEqual([1, 2, 3, 4]);
});

test("what nobody saw stays null, and the manager's coverage is weighed by time", () => {
  const merged = mergeAnswers(answer(0, [1, 2, 3, 4]), answer(3_000, [null, null]), 60_000);
  expect(valuesOf(merged)).toEqual([1, 2, 3, null, null]);
  expect(merged.coverage).toBe(0.6);
  expect(merged.series[0]?.coverage).toBe(0.6);
});

test("a part that is read rarely keeps the manager's word that all of it was seen", () => {
  const rare = { ...answer(0, [1, null, null, 1]), coverage: 1 };
  const newer = { ...answer(3_000, [1, null, null]), coverage: 1 };
  expect(mergeAnswers(rare, newer, 60_000).coverage).toBe(1);
});

test("a stretch that was never asked for does not pass for a gap", () => {
  const newer = answer(10_000, [1]);
  expect(mergeAnswers(answer(0, [1]), newer, 60_000)).toBe(newer);
});

test("a series that begins later is null before", () => {
  const both = answer(1_000, [5, 6], "b");
  const merged = mergeAnswers(answer(0, [1, 2], "a"), both, 60_000);
  expect(merged.series.map((one) => one.points.map(([, value]) => value))).toEqual([
    [1, null, null],
    [null, 5, 6],
  ]);
});

test("gaps that left the window are dropped, and one told twice is kept once", () => {
  const gap = (from: number, to: number) => ({ from, to, reason: "link cut" });
  const known = { ...answer(0, [1, 2, 3, 4]), gaps: [gap(0, 500), gap(2_000, 3_000)] };
  const newer = { ...answer(2_000, [3, 4, 5, 6]), gaps: [gap(2_000, 3_000)] };
  expect(mergeAnswers(known, newer, 4_000).gaps).toEqual([gap(2_000, 3_000)]);
});

test("the next question starts before the last point seen, so that late ones are found", () => {
  const values = Array.from({ length: 20 }, (_, row) => (row < 12 ? row : null));
  expect(resumeFrom(answer(100_000, values))).toBe(106_000);
  expect(resumeFrom(answer(100_000, [null, null]))).toBe(100_000);
});

test("asked in pieces or at once, the window holds the same", () => {
  const value = fc.option(fc.integer({ min: 0, max: 9 }));
  fc.assert(
    fc.property(fc.array(value, { minLength: 2, maxLength: 60 }), fc.nat(), (values, at) => {
      const cut = 1 + (at % (values.length - 1));
      const start = Math.max(0, cut - 3);
      const whole = answer(0, values);
      const merged = mergeAnswers(
        answer(0, values.slice(0, cut)),
        answer(start * 1_000, values.slice(start)),
        600_000,
      );
      expect(valuesOf(merged)).toEqual(valuesOf(whole));
      expect(merged).toMatchObject({ from: whole.from, to: whole.to, step: whole.step });
    }),
  );
});

test("the sources of a window that moves on are joined where they are the same", () => {
  const by = (source: string) => ({ "wws.power.source": source });
  const first = answer(0, [1, 2, 3, 4]);
  const second = answer(2_000, [3, 4, 5, 6]);
  const withParts = (of: TelemetryAnswer, parts: Part[]): TelemetryAnswer => ({
    ...of,
    series: of.series.map((one) => ({ ...one, parts })),
  });
  const known = withParts(first, [{ from: 0, to: 4_000, attributes: by("dcmi") }]);
  const newer = withParts(second, [
    { from: 2_000, to: 4_000, attributes: by("dcmi") },
    { from: 4_000, to: 6_000, attributes: by("rapl-package") },
  ]);
  expect(mergeAnswers(known, newer, 5_000).series[0]?.parts).toEqual([
    { from: 1_000, to: 4_000, attributes: by("dcmi") },
    { from: 4_000, to: 6_000, attributes: by("rapl-package") },
  ]);
});

type Part = NonNullable<TelemetryAnswer["series"][number]["parts"]>[number];
