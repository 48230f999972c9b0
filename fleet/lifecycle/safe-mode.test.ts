import { describe, expect, test } from "vitest";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { acknowledge, judgeTerms, type SafeMode, termStepMax } from "./safe-mode.ts";

const judge = (storeTerm: number, told: readonly number[], hostsKnown = told.length) =>
  judgeTerms({
    storeTerm,
    told: new Map(told.map((term, index) => [hostIdOf(index + 1), term])),
    hostsKnown,
  });

describe("a store", () => {
  test("is sound where no host knows a later term", () => {
    expect(judge(5, [])).toEqual({ kind: "sound" });
    expect(judge(5, [5, 0, 3])).toEqual({ kind: "sound" });
  });

  test("is behind where three hosts say so, and the latest of them counts", () => {
    expect(judge(5, [7, 5, 9, 6], 10_000)).toEqual({
      kind: "behind",
      seenTerm: 9,
      hosts: [1, 3, 4].map(hostIdOf),
    });
  });

  test("of one or two hosts is behind where each of them says so", () => {
    expect(judge(5, [6])).toMatchObject({ kind: "behind", seenTerm: 6 });
    expect(judge(5, [6, 8])).toMatchObject({ kind: "behind", seenTerm: 8 });
    expect(judge(5, [6, 5])).toEqual({ kind: "odd", hosts: [hostIdOf(1)] });
  });

  test("is believed against one host, and against any number that says what cannot be", () => {
    expect(judge(5, [9, 5], 10_000)).toEqual({ kind: "odd", hosts: [hostIdOf(1)] });
    const wild = [5 + termStepMax + 1, Number.MAX_SAFE_INTEGER, Number.NaN, 6.5];
    expect(judge(5, wild)).toMatchObject({ kind: "odd" });
    expect(judge(5, [...wild, 6, 6, 6])).toMatchObject({ kind: "behind", seenTerm: 6 });
  });
});

describe("safe mode", () => {
  const mode: SafeMode = {
    sinceMs: unixMs(1),
    because: "restored",
    storeTerm: 5,
    seenTerm: null,
    backupMs: unixMs(0),
    hosts: [],
    acknowledged: [],
  };
  const word = (by: string) => ({ by, atMs: unixMs(2), reason: "looked at it" });

  test("ends with the word of a second person, not with the second word of one", () => {
    const first = acknowledge(mode, word("ada"));
    if (!first.ok) throw new Error(first.problem);
    expect(first.value).toMatchObject({ isOver: false, mode: { acknowledged: [{ by: "ada" }] } });
    expect(acknowledge(first.value.mode, word("ada"))).toEqual({
      ok: false,
      problem: "same-person",
    });
    expect(acknowledge(first.value.mode, word("bob"))).toMatchObject({ value: { isOver: true } });
  });
});
