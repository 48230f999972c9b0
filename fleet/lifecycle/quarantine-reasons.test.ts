import { describe, expect, test } from "vitest";
import { isQuarantineReason, quarantineReasons, quarantineTexts } from "./quarantine-reasons.ts";

describe("the reasons of a quarantine", () => {
  test("are a sorted list without doubles, each with its texts", () => {
    expect([...new Set(quarantineReasons)].toSorted()).toEqual([...quarantineReasons]);
    expect(Object.keys(quarantineTexts).toSorted()).toEqual([...quarantineReasons]);
  });

  test("say what is so and what a person does next, in sentences, each in its own", () => {
    const texts = Object.values(quarantineTexts);
    for (const { text, next } of texts) {
      expect(text).toMatch(/^[A-Z][^\n]{20,160}\.$/);
      expect(next).toMatch(/^[A-Z][^\n]{20,160}\.$/);
    }
    expect(new Set(texts.map(({ text }) => text)).size).toBe(texts.length);
    expect(new Set(texts.map(({ next }) => next)).size).toBe(texts.length);
  });

  test("are known from any other word", () => {
    expect(isQuarantineReason("not-fenced")).toBe(true);
    for (const other of ["", "constructor", "not fenced", null, 3])
      expect(isQuarantineReason(other)).toBe(false);
  });
});
