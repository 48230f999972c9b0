import { expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { smallestPart } from "./delta-debug.ts";

test("what is needed stays, and nothing else", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.uniqueArray(fc.nat(59), { minLength: 1, maxLength: 4 }),
      async (length, wanted) => {
        const items = Array.from({ length }, (_, index) => index);
        const needed = wanted.map((one) => one % length);
        const holds = async (part: readonly number[]) => needed.every((one) => part.includes(one));
        const part = await smallestPart(items, holds, 10_000);
        expect([...part]).toEqual([...new Set(needed)].toSorted((left, right) => left - right));
      },
    ),
  );
});

test("it asks no more often than it may, and answers what still holds", async () => {
  let asked = 0;
  const holds = async (part: readonly number[]) => {
    asked += 1;
    return part.includes(7) && part.includes(90);
  };
  const items = Array.from({ length: 100 }, (_, index) => index);
  const part = await smallestPart(items, holds, 10);
  expect(asked).toBeLessThanOrEqual(10);
  expect(part).toContain(7);
  expect(part).toContain(90);
});

test("what holds for nothing at all shrinks to nothing", async () => {
  expect(await smallestPart([1, 2, 3], async () => true, 100)).toEqual([]);
});
