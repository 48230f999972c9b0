import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { addChip, readChips, readTyped, removeChip, selectorKeys, writeChips } from "./selector.ts";

test("a selector is taken apart and put together again", () => {
  const chips = readChips("region=eu, site=fra2,web-01");
  expect(chips).toEqual([
    { key: "region", value: "eu" },
    { key: "site", value: "fra2" },
    { key: "host", value: "web-01" },
  ]);
  expect(writeChips(chips)).toBe("region=eu,site=fra2,web-01");
});

test("the same part twice is one chip", () => {
  const chips = readChips("link=lost,link=lost,link=late");
  expect(chips).toHaveLength(2);
  expect(addChip(chips, { key: "link", value: "late" })).toEqual(chips);
});

test("taking a chip away leaves the others", () => {
  const chips = readChips("link=lost,site=fra2");
  expect(writeChips(removeChip(chips, { key: "link", value: "lost" }))).toBe("site=fra2");
});

test("a key that this page does not know stays, so that the manager can say what is wrong", () => {
  expect(writeChips(readChips("moon=full,site="))).toBe("moon=full,site=");
});

test("typed keys become chips, other words are looked for", () => {
  expect(readTyped("rack-07 link=lost,  fra2 moon=full")).toEqual({
    chips: [{ key: "link", value: "lost" }],
    words: "rack-07 fra2 moon=full",
  });
  expect(readTyped("  ")).toEqual({ chips: [], words: "" });
});

test("whatever the chips, they survive the text", () => {
  const value = fc.stringMatching(/^[a-z0-9*._-]{1,12}$/);
  const chip = fc.record({ key: fc.constantFrom(...selectorKeys), value });
  fc.assert(
    fc.property(fc.uniqueArray(chip, { selector: (one) => `${one.key}=${one.value}` }), (chips) => {
      expect(readChips(writeChips(chips))).toEqual(chips);
    }),
  );
});
