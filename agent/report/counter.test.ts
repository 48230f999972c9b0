import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { stepCounter } from "./counter.ts";

test("the first reading gives no point, only a base", () => {
  expect(stepCounter(Number.NaN, 70, null)).toEqual({ increment: Number.NaN, base: 70 });
});

test("a later reading gives what was counted between", () => {
  expect(stepCounter(70, 75, null)).toEqual({ increment: 5, base: 75 });
  expect(stepCounter(70, 70, null)).toEqual({ increment: 0, base: 70 });
});

test("a reading under half of the base is a reset: a new base and no point", () => {
  expect(stepCounter(1_000, 499, null)).toEqual({ increment: Number.NaN, base: 499 });
});

test("another step backwards is not believed: no point, and the old base stays", () => {
  expect(stepCounter(1_000, 999, null)).toEqual({ increment: Number.NaN, base: 1_000 });
  expect(stepCounter(1_000, 500, null)).toEqual({ increment: Number.NaN, base: 1_000 });
});

test("a counter that wraps goes on from zero", () => {
  // Largest reading 99, then 0: 98 → 99 → 0 → 1 are three steps.
  expect(stepCounter(98, 1, 99)).toEqual({ increment: 3, base: 1 });
});

test("more than half a round is no wrap but a reset or a torn reading", () => {
  expect(stepCounter(40, 30, 99)).toEqual({ increment: Number.NaN, base: 40 });
  expect(stepCounter(40, 0, 99)).toEqual({ increment: Number.NaN, base: 0 });
});

test("over any readings that only grow, the increments add up to what was counted", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000_000), { minLength: 1 }), fc.nat(), (steps, start) => {
      let base = start;
      let sum = 0;
      for (const step of steps) {
        const { increment, base: next } = stepCounter(base, base + step, null);
        sum += increment;
        base = next;
      }
      expect(sum).toBe(base - start);
    }),
  );
});

test("a wrapping counter that grows by less than half a round a step is counted exactly", () => {
  const largest = 2 ** 32 - 1;
  fc.assert(
    fc.property(
      fc.array(fc.nat(2 ** 31 - 1), { minLength: 1, maxLength: 50 }),
      fc.nat(largest),
      (steps, start) => {
        let base = start;
        for (const step of steps) {
          const reading = (base + step) % (largest + 1);
          const stepped = stepCounter(base, reading, largest);
          expect(stepped.increment).toBe(step);
          base = stepped.base;
        }
      },
    ),
  );
});
