import { describe, expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { canonicalDepthMax, canonicalJson, NotCanonical } from "./canonical-json.ts";

describe("canonical JSON", () => {
  test("writes keys in one order, without blanks", () => {
    expect(canonicalJson({ b: [1, "x", null], a: { d: true, c: -0 } })).toBe(
      '{"a":{"c":0,"d":true},"b":[1,"x",null]}',
    );
    expect(canonicalJson({ "10": 1, "9": 2, ä: 3, z: 4 })).toBe('{"10":1,"9":2,"z":4,"ä":3}');
  });

  test("leaves out what is undefined, as JSON does", () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  test("says the same value in the same bytes, whatever the order it came in", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalJson(reversed(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1, [undefined], Symbol("x")])(
    "refuses what JSON cannot say (%#)",
    (value) => {
      expect(() => canonicalJson(value)).toThrow(NotCanonical);
    },
  );

  test("refuses what is nested too deep, and what holds itself", () => {
    let deep: unknown = 1;
    for (let level = 0; level <= canonicalDepthMax; level += 1) deep = [deep];
    expect(() => canonicalJson(deep)).toThrow(NotCanonical);
    const round: Record<string, unknown> = {};
    round["self"] = round;
    expect(() => canonicalJson(round)).toThrow(NotCanonical);
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const turned: [string, unknown][] = Object.entries(value)
    .reverse()
    .map(([key, field]) => [key, reversed(field)]);
  return Object.fromEntries(turned);
}
