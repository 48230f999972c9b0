import { fc } from "#test/support/properties.ts";
import { describe, expect, test } from "vitest";
import { wireLimits } from "./wire-limits.ts";
import { cleanText, hasUnsafeCharacters, toWireText, utf8Bytes } from "./wire-text.ts";

const runs = { seed: 20_261_109, numRuns: 1_000 };
/** Any units at all, halves of surrogate pairs among them. */
const anyText = fc
  .array(fc.oneof(fc.nat(0xffff), fc.integer({ min: 0xd7f0, max: 0xe010 })), { maxLength: 400 })
  .map((units) => String.fromCharCode(...units));

test("any text becomes safe, whole and short enough, and stays so", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const sent = toWireText(text);
      expect(Buffer.byteLength(sent)).toBeLessThanOrEqual(wireLimits.stringBytesMax);
      expect(hasUnsafeCharacters(sent)).toBe(false);
      expect(sent.isWellFormed()).toBe(true);
      expect(toWireText(sent)).toBe(sent);
      expect(cleanText(text).startsWith(sent)).toBe(true);
    }),
    runs,
  );
});

test("the length in UTF-8 is counted as it is written", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const whole = text.toWellFormed();
      expect(utf8Bytes(whole)).toBe(Buffer.byteLength(whole));
    }),
    runs,
  );
});

describe("a text is cut between characters:", () => {
  test.each([
    ["a", 256],
    ["ä", 128],
    ["服", 85],
    ["🖥", 64],
  ])("%s fits %d times", (character, times) => {
    expect(toWireText(character.repeat(300))).toBe(character.repeat(times));
  });
});

test.each([
  ["a null", "a\u0000b"],
  ["a line break", "a\nb"],
  ["an escape", "a\u001bb"],
  ["a C1 control", "a\u009bb"],
  ["a delete", "a\u007fb"],
  ["a line separator", "a\u2028b"],
  ["a turn of the writing direction", "a\u202eb"],
  ["half a surrogate pair", "a\ud800b"],
])("%s becomes U+FFFD", (_, text) => {
  expect(toWireText(text)).toBe("a\ufffdb");
});

test("what people write is left as it is", () => {
  const text = "Größe 3,5″ – 服务器 \t サーバ 🖥️ (rev. 2)";
  expect(toWireText(text)).toBe(text);
});

test("a megabyte of nonsense costs no more than what is kept of it", () => {
  expect(toWireText("\u0000".repeat(1_000_000))).toBe("\ufffd".repeat(85));
});
