import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { mergeSequence } from "./sequence-ranges.ts";

test("neighbours become one range, holes stay, order and repeats do not matter", () => {
  expect(mergeSequence([7, 1, 2, 3, 9, 8, 2])).toEqual([
    { first: 1, last: 3 },
    { first: 7, last: 9 },
  ]);
  expect(mergeSequence([])).toEqual([]);
});

test("ranges hold exactly the numbers that went in", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 80 }), (numbers) => {
      const out: number[] = [];
      for (const { first, last } of mergeSequence(numbers))
        for (let number = first; number <= last; number += 1) out.push(number);
      expect(out).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    }),
  );
});
