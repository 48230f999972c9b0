import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { backoffMs } from "./backoff.ts";

test("a pause is anything from nothing to a bound that doubles, and ends at two minutes", () => {
  fc.assert(
    fc.property(fc.nat(1_000), fc.integer(), (failures, seed) => {
      const pause = backoffMs(failures, createSeededRandom(seed));
      expect(pause).toBeGreaterThanOrEqual(0);
      expect(pause).toBeLessThan(Math.min(120_000, 1_000 * 2 ** failures));
    }),
  );
});

test("pauses of a fleet fill the whole span: nobody comes back together", () => {
  const random = createSeededRandom(3);
  const pauses = Array.from({ length: 10_000 }, () => backoffMs(10, random));
  const buckets = Array.from({ length: 10 }, (_, index) => {
    const from = index * 12_000;
    return pauses.filter((pause) => pause >= from && pause < from + 12_000).length;
  });
  for (const count of buckets) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});
