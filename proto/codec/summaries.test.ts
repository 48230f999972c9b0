import { fc } from "#test/support/properties.ts";
import { describe, expect, test } from "vitest";
import { bitmap, columnPoints } from "#test/support/arbitrary-reports.ts";
import { packColumn } from "./columns.ts";
import { encodeSummary, verifyColumn } from "./summaries.ts";

const everyStep = new Uint8Array(0);

function packedBytes(
  values: readonly number[],
  kind: "gauge" | "counter",
  present: Uint8Array = everyStep,
) {
  const packed = packColumn({ values, present, kind });
  if (!packed.ok) throw new Error(packed.problem.kind);
  return { ...packed.value, claim: packed.value.summary };
}

function verify(
  change: { count?: number; min?: number; max?: number; last?: number; sum?: number },
  kind: "gauge" | "counter" | null = "gauge",
) {
  const { claim, values, present } = packedBytes([10, 14, 12, 12], "gauge");
  const summary = encodeSummary({ ...claim, ...change }, values);
  return verifyColumn({ values, present, summary }, 4, kind);
}

describe("verification of a column", () => {
  test("gives the summary when all agrees", () => {
    expect(verify({})).toEqual({
      ok: true,
      value: { count: 4, min: 10, max: 14, last: 12, sum: 48 },
    });
  });

  test.each([
    ["more points than there are", { count: 5 }],
    ["fewer points than there are", { count: 3 }],
    ["a lower minimum", { min: 9, sum: 48 }],
    ["a higher minimum", { min: 11 }],
    ["a higher maximum", { max: 15 }],
    ["a lower maximum", { max: 13 }],
    ["another last value", { last: 13 }],
    ["another sum", { sum: 47 }],
  ])("refuses a summary that claims %s", (_, change) => {
    expect(verify(change).ok).toBe(false);
    expect(verify(change, null).ok).toBe(false);
  });

  test("refuses a gauge's column for a counter when it knows the kind", () => {
    expect(verify({}, "counter").ok).toBe(false);
    expect(verify({}, null).ok).toBe(true);
  });

  test("accepts a counter's column when it does not know the kind", () => {
    const { values, present, claim } = packedBytes([10, 14, 12], "counter");
    const summary = encodeSummary(claim, values);
    expect(verifyColumn({ values, present, summary }, 3, null)).toEqual({ ok: true, value: claim });
    expect(verifyColumn({ values, present, summary }, 3, "gauge").ok).toBe(false);
  });

  test.each([
    ["too short", Uint8Array.of(0b101), 9],
    ["too long", Uint8Array.of(0b101, 0), 8],
    ["with a bit beyond the steps", Uint8Array.of(0b1001), 3],
    ["with all bits set, which is said by no bitmap", Uint8Array.of(0b11), 2],
  ])("refuses a bitmap %s", (_, present, steps) => {
    const { values, claim } = packedBytes([1, 2], "gauge");
    const bytes = { values, present, summary: encodeSummary(claim, values) };
    expect(verifyColumn(bytes, steps, "gauge").ok).toBe(false);
  });

  test("refuses a column of no points", () => {
    const nothing = { values: everyStep, present: Uint8Array.of(0), summary: new Uint8Array(5) };
    expect(verifyColumn(nothing, 3, null).ok).toBe(false);
  });

  test("refuses bytes after the summary", () => {
    const { values, present, claim } = packedBytes([1, 2], "gauge");
    const summary = Uint8Array.of(...encodeSummary(claim, values), 0);
    expect(verifyColumn({ values, present, summary }, 2, "gauge").ok).toBe(false);
  });

  test("refuses values beyond 2^53 − 1, though they are what the summary says", () => {
    const largest = [0xfe, 255, 255, 255, 255, 255, 255, 31];
    const present = everyStep;
    const within = {
      values: Uint8Array.of(...largest, 0),
      present,
      summary: Uint8Array.of(2, ...largest, 0, 0, 0),
    };
    expect(verifyColumn(within, 2, "gauge").ok).toBe(true);
    const beyond = {
      values: Uint8Array.of(...largest, 2),
      present,
      summary: Uint8Array.of(2, ...largest, 1, 1, 2),
    };
    expect(verifyColumn(beyond, 2, "gauge").ok).toBe(false);
  });

  test("sees every change of a single bit, or the values stay true", () => {
    const points = fc.integer({ min: 1, max: 20 }).chain(columnPoints);
    fc.assert(
      fc.property(points, fc.nat(), ({ values, seen, kind }, place) => {
        const { claim, ...packed } = packedBytes(values, kind, bitmap(seen));
        const column = { ...packed, summary: encodeSummary(claim, packed.values) };
        const part = (["values", "present", "summary"] as const)[place % 3] ?? "values";
        const bytes: Uint8Array = Uint8Array.from(column[part]);
        if (bytes.length === 0) return;
        const bit = place % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const verified = verifyColumn({ ...column, [part]: bytes }, values.length, kind);
        // Values may change among themselves under a true summary: the checksum sees that.
        if (verified.ok) expect([part, verified.value]).toEqual(["values", claim]);
      }),
      { seed: 20_261_103, numRuns: 3_000 },
    );
  });
});
