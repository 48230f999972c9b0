import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { bitmap } from "#test/support/arbitrary-reports.ts";
import { countSeen, isSeen, presentBytes } from "./present.ts";

const someSteps = fc.array(fc.boolean(), { minLength: 1, maxLength: 100 });

test("a bitmap counts and tells each step, lowest bit first", () => {
  fc.assert(
    fc.property(someSteps, (seen) => {
      const count = seen.filter(Boolean).length;
      const present = presentBytes(bitmap(seen), seen.length, count);
      expect(countSeen(present, seen.length)).toBe(count);
      expect(seen.map((_, step) => isSeen(present, step))).toEqual(seen);
    }),
    { seed: 20_261_106, numRuns: 500 },
  );
});

test("bits beyond the steps are cleared and missing bytes are not seen", () => {
  expect([...presentBytes(Uint8Array.of(0xff, 0xff, 0xff), 10, 9)]).toEqual([0xff, 0b11]);
  expect([...presentBytes(Uint8Array.of(1), 10, 1)]).toEqual([1, 0]);
});

test("the bitmap is a copy: the ring it came from may go on", () => {
  const ring = Uint8Array.of(0b01);
  const present = presentBytes(ring, 2, 1);
  ring[0] = 0;
  expect([...present]).toEqual([1]);
});
