import { expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { compiledBudgets, readBudgets, servingFloor, siteLimit } from "./budget-limits.ts";

test("what is stricter than the compiled bounds is taken", () => {
  const read = readBudgets({ feed: 1, cell: 10, siteShare: 0.01, servingFloorShare: 0.9 });
  expect(read).toEqual({
    ok: true,
    value: { ...compiledBudgets, feed: 1, cell: 10, siteShare: 0.01, servingFloorShare: 0.9 },
  });
});

test.each([
  [{ rack: 2 }, "rack"],
  [{ feed: 3 }, "feed"],
  [{ cell: 51 }, "cell"],
  [{ siteHosts: 2 }, "siteHosts"],
  [{ siteShare: 0.5 }, "siteShare"],
  [{ startsPerMinute: 11 }, "startsPerMinute"],
  [{ servingFloorShare: 0.5 }, "servingFloorShare"],
  [{ servingFloorShare: 1.5 }, "servingFloorShare"],
  [{ servingFloorShare: 0 }, "servingFloorShare"],
  [{ rack: 0 }, "rack"],
  [{ siteShare: 0 }, "siteShare"],
  [{ cell: -1 }, "cell"],
  [{ cell: 1.5 }, "cell"],
  [{ cell: Number.POSITIVE_INFINITY }, "cell"],
  [{ cell: Number.NaN }, "cell"],
] as const)("%j is refused: a budget is never raised and never off", (configured, key) => {
  const read = readBudgets(configured);
  expect(read.ok).toBe(false);
  expect(read.ok ? [] : read.problem.map((problem) => problem.key)).toEqual([key]);
});

test("whatever is configured, nothing that is taken is looser than what is compiled", () => {
  const value = fc.oneof(fc.double(), fc.integer({ min: -3, max: 100 }));
  const configured = fc.record(
    {
      rack: value,
      feed: value,
      siteHosts: value,
      siteShare: value,
      cell: value,
      startsPerMinute: value,
      servingFloorShare: value,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(configured, fc.integer({ min: 0, max: 20_000 }), (wanted, hosts) => {
      const read = readBudgets(wanted);
      if (!read.ok) return;
      const { value: budgets } = read;
      for (const key of [
        "rack",
        "feed",
        "siteHosts",
        "siteShare",
        "cell",
        "startsPerMinute",
      ] as const) {
        expect(budgets[key]).toBeLessThanOrEqual(compiledBudgets[key]);
        expect(budgets[key]).toBeGreaterThan(0);
      }
      expect(siteLimit(budgets, hosts)).toBeLessThanOrEqual(siteLimit(compiledBudgets, hosts));
      expect(servingFloor(budgets, hosts)).toBeGreaterThanOrEqual(
        servingFloor(compiledBudgets, hosts),
      );
    }),
  );
});

test("one of a class may always be out, so that the only one can be mended", () => {
  expect([0, 1, 2, 3, 4, 10, 100].map((total) => servingFloor(compiledBudgets, total))).toEqual([
    0, 0, 1, 2, 3, 7, 70,
  ]);
});

test("two of a hundred hosts of a site, one of a small one", () => {
  expect([1, 49, 100, 1_000].map((hosts) => siteLimit(compiledBudgets, hosts))).toEqual([
    1, 1, 2, 20,
  ]);
});
