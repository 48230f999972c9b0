import { fc } from "#test/support/properties.ts";
import { describe, expect, test } from "vitest";
import {
  formatPosition,
  isRegion,
  parsePosition,
  rackUnitsMax,
  regionNames,
  regions,
} from "./position.ts";

test("a position reads back as it was written", () => {
  const position = fc.record({
    region: fc.constantFrom(...regions),
    site: fc.stringMatching(/^[a-z]{3}[0-9]{1,2}$/),
    row: fc.stringMatching(/^row-[a-z0-9]{1,8}$/),
    rack: fc.stringMatching(/^rack-[a-z0-9]{1,8}$/),
    unit: fc.integer({ min: 1, max: rackUnitsMax }),
  });
  fc.assert(
    fc.property(position, (value) => {
      expect(parsePosition(formatPosition(value))).toEqual({ ok: true, value });
    }),
    { seed: 20_261_111, numRuns: 500 },
  );
});

test("a unit is written with two digits and read with one", () => {
  const parsed = parsePosition("ea/nrt1/row-b/rack-07/u7");
  if (!parsed.ok) throw new Error(parsed.problem.hint);
  expect(formatPosition(parsed.value)).toBe("ea/nrt1/row-b/rack-07/u07");
});

describe("what is no position is refused with what to write instead:", () => {
  test.each([
    ["", "five parts"],
    ["ea/nrt1/row-b/rack-07", "five parts"],
    ["ea/nrt1/row-b/rack-07/u1/x", "five parts"],
    ["ea//row-b/rack-07/u1", "five parts"],
    ["us/iad1/row-b/rack-07/u1", "na, eu, ea"],
    ["EA/nrt1/row-b/rack-07/u1", "na, eu, ea"],
    ["ea/tokyo/row-b/rack-07/u1", "airport code"],
    ["ea/nrt1/b/rack-07/u1", "row-b"],
    ["ea/nrt1/row-b/07/u1", "rack-07"],
    ["ea/nrt1/row-b/rack-07/u0", "u1 to u60"],
    ["ea/nrt1/row-b/rack-07/u61", "u1 to u60"],
    ["ea/nrt1/row-b/rack-07/12", "u1 to u60"],
    ["ea/nrt1/row-b/rack-07/u-1", "u1 to u60"],
  ])("%j: %s", (text, hint) => {
    const parsed = parsePosition(text);
    expect(parsed.ok ? "" : parsed.problem.hint).toContain(hint);
  });

  test("and quoted shortly", () => {
    expect(parsePosition("x".repeat(500))).toMatchObject({ problem: { text: "x".repeat(80) } });
  });
});

test("every region has a name, and nothing else is a region", () => {
  expect(Object.keys(regionNames)).toEqual([...regions]);
  expect(regions.every(isRegion)).toBe(true);
  expect(["constructor", "", "NA"].some(isRegion)).toBe(false);
});
