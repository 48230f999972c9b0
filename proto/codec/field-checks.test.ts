import { describe, expect, test } from "vitest";
import { factText, optionalNumber, plainText, timeOfDay, wholeNumber } from "./field-checks.ts";
import { WireError } from "./wire-error.ts";

describe("a whole number", () => {
  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, -1, 2 ** 53])("is not %d", (value) => {
    expect(() => wholeNumber(value, "x")).toThrow(WireError);
  });

  test("that was left out is 0, where 0 is allowed", () => {
    expect(wholeNumber(undefined, "x")).toBe(0);
    expect(wholeNumber(null, "x")).toBe(0);
    expect(() => wholeNumber(undefined, "x", { min: 1 })).toThrow(
      "field-invalid at x: 0 is not a whole number from 1 to 9007199254740991",
    );
  });

  test("that is optional and left out is null, not 0", () => {
    expect(optionalNumber(undefined, "x")).toBeNull();
    expect(optionalNumber(0, "x")).toBe(0);
  });
});

test("every time that is let in is one that a Date can say", () => {
  for (const edge of [8.64e15, -8.64e15]) {
    expect(new Date(timeOfDay(edge, "x")).toISOString()).toMatch(/Z$/);
    expect(() => timeOfDay(edge + Math.sign(edge), "x")).toThrow(WireError);
  }
});

describe("a text of exactly 256 bytes is taken, of 257 refused:", () => {
  test.each([
    ["ASCII", "x".repeat(256)],
    ["two bytes a letter", "ä".repeat(128)],
    ["four bytes a character", "🖥".repeat(64)],
  ])("%s", (_, text) => {
    expect(plainText(text, "x")).toBe(text);
    expect(factText(text, "x")).toBe(text);
    expect(() => plainText(`${text}x`, "x")).toThrow("limit-exceeded at x");
    expect(() => factText(`${text}x`, "x")).toThrow("limit-exceeded at x");
  });
});
