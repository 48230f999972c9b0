import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { IntegerScanner, parseWholeInteger, wordBytes } from "./integer-scanner.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("integers of a line come one by one, and -1 at its end", () => {
  const scanner = new IntegerScanner();
  scanner.reset(bytes("  12\t7 0\n99\n"));
  expect([scanner.integer(), scanner.integer(), scanner.integer(), scanner.integer()]).toEqual([
    12, 7, 0, -1,
  ]);
  scanner.skipLine();
  expect(scanner.integer()).toBe(99);
  scanner.skipLine();
  expect(scanner.atEnd()).toBe(true);
});

test("a word where a number should be is -1 and does not move the scanner", () => {
  const scanner = new IntegerScanner();
  scanner.reset(bytes("abc 5"));
  expect(scanner.integer()).toBe(-1);
  expect(scanner.take(wordBytes("abc"))).toBe(true);
  expect(scanner.integer()).toBe(5);
});

test("NUL padding is the end of the text", () => {
  const scanner = new IntegerScanner();
  scanner.reset(bytes("5\n\0\0\0"));
  expect(scanner.integer()).toBe(5);
  scanner.skipLine();
  expect(scanner.atEnd()).toBe(true);
});

test("a last line without newline is read", () => {
  const scanner = new IntegerScanner();
  scanner.reset(bytes("1 2"));
  scanner.integer();
  expect(scanner.integer()).toBe(2);
  scanner.skipLine();
  expect(scanner.atEnd()).toBe(true);
});

test("several integers at once are what they are one by one, and the scanner stands where it would", () => {
  const word = fc.oneof(
    fc.nat().map(String),
    fc.constantFrom("", "-1", "x7", "7x", "1\n", "\n", "\0", "12.5", "9".repeat(25)),
  );
  const line = fc
    .array(fc.tuple(fc.constantFrom(" ", "\t", "  "), word))
    .map((words) => words.flat().join(""));
  fc.assert(
    fc.property(line, fc.integer({ min: 0, max: 12 }), (text, count) => {
      const one = new IntegerScanner();
      const many = new IntegerScanner();
      one.reset(bytes(text));
      many.reset(bytes(text));
      const expected = Array.from({ length: count }, () => one.integer());
      const into = new Float64Array(count + 2).fill(0.5);
      const good = many.integers(into, 1, count);
      expect([...into]).toEqual([0.5, ...expected, 0.5]);
      expect(good).toBe(expected.includes(-1) ? expected.indexOf(-1) : count);
      expect(many.position).toBe(one.position);
    }),
  );
});

test.each([0, 63, 64, 65, 500])(
  "a line of %d letters is skipped, and what has no end is all",
  (length) => {
    const scanner = new IntegerScanner();
    const line = "x".repeat(length);
    scanner.reset(bytes(`${line}\n7\n${line}`));
    scanner.skipLine();
    expect(scanner.integer()).toBe(7);
    scanner.skipLine();
    scanner.skipLine();
    expect(scanner.atEnd()).toBe(true);
  },
);

test("any whole number up to 2^53 is read as it was written", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
      (value) => {
        expect(parseWholeInteger(bytes(`${value}\n`)) === value || (value === 0 && true)).toBe(
          true,
        );
      },
    ),
  );
});

test.each([
  ["41000\n", 41_000],
  ["-273150\n", -273_150],
  ["8826502921\n\0\0\0", 8_826_502_921],
  ["  7  \n", 7],
])("%j is the whole number %d", (text, value) => {
  expect(parseWholeInteger(bytes(text))).toBe(value);
});

test.each(["", "\n", "unknown\n", "12.5\n", "12 W\n", "-\n", "0x1f\n", "9".repeat(400)])(
  "%j is no whole number",
  (text) => {
    expect(parseWholeInteger(bytes(text))).toBeNaN();
  },
);
