import { expect, test } from "vitest";
import { jsonDepthMax, parseJsonBody } from "./json-body.ts";

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

test("JSON becomes a value", () => {
  expect(parseJsonBody('{"a":[1,"}{][\\""]}')).toEqual({ a: [1, '}{]["'] });
});

test("nesting is counted before anything is built", () => {
  expect(parseJsonBody(nested(jsonDepthMax))).toBeDefined();
  expect(() => parseJsonBody(nested(jsonDepthMax + 1))).toThrow(/deeper than 20/);
  expect(() => parseJsonBody("[".repeat(500_000))).toThrow(/deeper than 20/);
});

test("brackets inside a text do not count", () => {
  expect(parseJsonBody(JSON.stringify({ a: "[{".repeat(100) }))).toBeDefined();
});

test.each(["", "{", "nonsense", '{"a":1}x', '"\\'])("%j is no JSON", (text) => {
  expect(() => parseJsonBody(text)).toThrow(/no JSON/);
});

test.each(["__proto__", "constructor", "prototype"])("a key %s is not taken", (key) => {
  expect(() => parseJsonBody(`{"a":{"${key}":{"x":1}}}`)).toThrow(/is not taken/);
});
