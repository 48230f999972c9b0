import { describe, expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { certain, fine, type Grade, gradeHigh } from "./grade.ts";
import type { FindingMemory } from "./host-memory.ts";
import { isIdle, raisedVerdict, stepFinding } from "./hysteresis.ts";

const timing = { holdMs: 60_000, clearMs: 300_000 };
const stepMs = 10_000;

function run(grades: readonly Grade[], use = timing) {
  const finding: Pick<FindingMemory, "levels"> = { levels: {} };
  return grades.map((grade) => {
    stepFinding(finding, grade, stepMs, use);
    return raisedVerdict(finding);
  });
}

test("a finding is raised after the hold time and cleared after the clear time", () => {
  const verdicts = run([
    ...Array<Grade>(7).fill(certain("degraded")),
    ...Array<Grade>(31).fill(fine),
  ]);
  expect(verdicts.indexOf("degraded")).toBe(6);
  expect(verdicts.lastIndexOf("degraded")).toBe(36);
});

test("what needs no hold is raised at once", () => {
  expect(run([certain("failing")], { holdMs: 0, clearMs: 1 })).toEqual(["failing"]);
});

test("between the two bounds nothing changes, in either direction", () => {
  const between: Grade = { level: null, floor: "degraded" };
  expect(run(Array<Grade>(50).fill(between)).every((verdict) => verdict === null)).toBe(true);
  const raised = run([
    ...Array<Grade>(10).fill(certain("degraded")),
    ...Array<Grade>(100).fill(between),
  ]);
  expect(raised.at(-1)).toBe("degraded");
});

test("a worse level comes and goes above a lesser one that stays", () => {
  const verdicts = run([
    ...Array<Grade>(10).fill(certain("degraded")),
    ...Array<Grade>(10).fill(certain("failing")),
    ...Array<Grade>(40).fill(certain("degraded")),
  ]);
  expect([verdicts[9], verdicts[19], verdicts.at(-1)]).toEqual(["degraded", "failing", "degraded"]);
});

test("what was raised and cleared is forgotten", () => {
  const finding: Pick<FindingMemory, "levels"> = { levels: {} };
  for (let step = 0; step < 10; step += 1) stepFinding(finding, certain("failed"), stepMs, timing);
  for (let step = 0; step < 40; step += 1) stepFinding(finding, fine, stepMs, timing);
  expect(isIdle(finding)).toBe(true);
});

describe("values that alternate", () => {
  const bounds = { degraded: { raise: 0.9, clear: 0.85 }, failing: { raise: 0.98, clear: 0.95 } };

  test("never turn a level more often than hold and clear time allow", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 400 }),
        (values) => {
          const finding: Pick<FindingMemory, "levels"> = { levels: {} };
          const turns: { at: number; to: boolean }[] = [];
          let was = false;
          for (const [index, value] of values.entries()) {
            stepFinding(finding, gradeHigh(value, bounds), stepMs, timing);
            const is = finding.levels.degraded?.isRaised ?? false;
            if (is !== was) turns.push({ at: index * stepMs, to: is });
            was = is;
          }
          for (const [index, turn] of turns.entries()) {
            const before = turns[index - 1]?.at ?? 0;
            expect(turn.at - before).toBeGreaterThanOrEqual(
              turn.to ? timing.holdMs - stepMs : timing.clearMs - stepMs,
            );
          }
        },
      ),
    );
  });

  test("faster than the hold time raise nothing, whatever their period", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), (high, low) => {
        const cycle = [...Array<number>(high).fill(1), ...Array<number>(low).fill(0)];
        const values = Array.from({ length: 60 }, () => cycle).flat();
        const verdicts = run(values.map((value) => gradeHigh(value, bounds)));
        expect(verdicts.every((verdict) => verdict === null)).toBe(true);
      }),
    );
  });

  test("faster than the clear time clear nothing", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 29 }), fc.integer({ min: 1, max: 6 }), (low, high) => {
        const cycle = [...Array<number>(low).fill(0), ...Array<number>(high).fill(1)];
        const values = [
          ...Array<number>(8).fill(1),
          ...Array.from({ length: 20 }, () => cycle).flat(),
        ];
        const verdicts = run(values.map((value) => gradeHigh(value, bounds)));
        expect(verdicts.slice(8).every((verdict) => verdict === "failing")).toBe(true);
      }),
    );
  });
});
