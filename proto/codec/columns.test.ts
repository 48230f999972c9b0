import { fc } from "#test/support/properties.ts";
import { describe, expect, test } from "vitest";
import { bitmap, columnPoints } from "#test/support/arbitrary-reports.ts";
import { packColumn, unpackColumn } from "./columns.ts";
import { encodeSummary, verifyColumn } from "./summaries.ts";

const runs = { seed: 20_261_102, numRuns: 600 };
const everyStep = new Uint8Array(0);
const points = fc.integer({ min: 1, max: 130 }).chain(columnPoints);

function pack(input: Parameters<typeof packColumn>[0]) {
  const packed = packColumn(input);
  if (!packed.ok) throw new Error(packed.problem.kind);
  return packed.value;
}

/** The format once more, as the schema words it, by BigInt and without haste. */
function packByDefinition(values: readonly number[], seen: readonly boolean[], kind: string) {
  const taken = values.filter((_, step) => seen[step]).map(BigInt);
  const zigZag = (value: bigint) => (value < 0n ? value * -2n - 1n : value * 2n);
  const varint = (value: bigint): number[] =>
    value < 128n ? [Number(value)] : [Number(value % 128n) + 128, ...varint(value / 128n)];
  const sent = taken.map((value, index) =>
    kind === "gauge" ? value - (taken[index - 1] ?? 0n) : value,
  );
  const min = taken.reduce((least, value) => (value < least ? value : least));
  const max = taken.reduce((most, value) => (value > most ? value : most));
  const last = taken.at(-1) ?? 0n;
  const above = taken.reduce((sum, value) => sum + (value - min), 0n);
  return {
    values: sent.flatMap((value) => varint(zigZag(value))),
    present: seen.includes(false) ? [...bitmap(seen)] : [],
    summary: [
      ...varint(BigInt(taken.length)),
      ...varint(zigZag(min)),
      ...varint(max - min),
      ...varint(last - min),
      ...varint(zigZag(above)),
    ],
  };
}

describe("a packed column", () => {
  test("has the bytes that the schema describes", () => {
    fc.assert(
      fc.property(points, ({ values, seen, kind }) => {
        const packed = pack({ values, present: bitmap(seen), kind });
        const summary = encodeSummary(packed.summary, packed.values);
        expect({
          values: [...packed.values],
          present: [...packed.present],
          summary: [...summary],
        }).toEqual(packByDefinition(values, seen, kind));
      }),
      runs,
    );
  });

  test("unpacks to the values that were seen, and NaN elsewhere", () => {
    fc.assert(
      fc.property(points, ({ values, seen, kind }) => {
        const packed = pack({ values, present: bitmap(seen), kind });
        const unpacked = unpackColumn(packed, values.length, kind);
        expect([...unpacked]).toEqual(
          values.map((value, step) => (seen[step] ? value : Number.NaN)),
        );
      }),
      runs,
    );
  });

  test("passes verification with the summary it was packed with", () => {
    fc.assert(
      fc.property(points, ({ values, seen, kind }) => {
        const packed = pack({ values, present: bitmap(seen), kind });
        const bytes = { ...packed, summary: encodeSummary(packed.summary, packed.values) };
        expect(verifyColumn(bytes, values.length, kind)).toEqual({
          ok: true,
          value: packed.summary,
        });
        expect(verifyColumn(bytes, values.length, null)).toEqual({
          ok: true,
          value: packed.summary,
        });
      }),
      runs,
    );
  });

  test("holds the largest whole numbers of a double", () => {
    const large = Number.MAX_SAFE_INTEGER;
    for (const values of [[large], [-large], [large, large], [0, -large], [large, 0]]) {
      const packed = pack({ values, present: everyStep, kind: "gauge" });
      expect([...unpackColumn(packed, values.length, "gauge")]).toEqual(values);
    }
  });

  test("keeps a sum beyond 2^53 exact on the wire and rounds it in the summary", () => {
    // Bytes used on a file system of 200 TB, once a second for five minutes.
    const values = Array.from({ length: 300 }, (_, step) => 200_000_000_000_000 + step * 4_097);
    for (const kind of ["gauge", "counter"] as const) {
      const packed = pack({ values, present: everyStep, kind });
      const summary = encodeSummary(packed.summary, packed.values);
      expect([...summary]).toEqual(
        packByDefinition(
          values,
          values.map(() => true),
          kind,
        ).summary,
      );
      expect(verifyColumn({ ...packed, summary }, 300, kind).ok).toBe(true);
      expect(packed.summary.sum).toBe(
        Number(values.reduce((sum, value) => sum + BigInt(value), 0n)),
      );
    }
  });

  test("ignores what stands in steps that were not seen", () => {
    const present = bitmap([true, false, true]);
    const packed = pack({ values: [7, Number.NaN, 9], present, kind: "gauge" });
    expect(packed).toEqual(pack({ values: [7, 0.5, 9], present, kind: "gauge" }));
  });

  test("says every step was seen in one way only", () => {
    const full = pack({ values: [1, 2, 3], present: Uint8Array.of(0xff), kind: "gauge" });
    expect(full.present).toHaveLength(0);
  });

  test("turns a negative zero into zero", () => {
    const packed = pack({ values: [-0, -0], present: everyStep, kind: "counter" });
    expect(packed.summary).toStrictEqual({ count: 2, min: 0, max: 0, last: 0, sum: 0 });
    expect([...packed.values]).toEqual([0, 0]);
  });

  test("unpacks into the array it is given", () => {
    const into = new Float64Array(8);
    const packed = pack({ values: [4, 5], present: everyStep, kind: "gauge" });
    expect(unpackColumn(packed, 2, "gauge", into)).toBe(into);
    expect([...into]).toEqual([4, 5, 0, 0, 0, 0, 0, 0]);
  });
});

describe("packing refuses", () => {
  test("a series of which nothing was seen", () => {
    const nothing = { values: [1, 2], present: Uint8Array.of(0), kind: "gauge" } as const;
    expect(packColumn(nothing)).toEqual({ ok: false, problem: { kind: "no-points" } });
    expect(packColumn({ ...nothing, values: [] })).toMatchObject({ ok: false });
  });

  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    "%d, which is no whole number",
    (bad) => {
      expect(packColumn({ values: [1, bad], present: everyStep, kind: "gauge" })).toEqual({
        ok: false,
        problem: { kind: "not-an-integer", step: 1 },
      });
    },
  );

  test("values too far apart to be told exactly", () => {
    const large = Number.MAX_SAFE_INTEGER;
    for (const values of [
      [large, -large],
      [-1, large],
      [0, large, large],
    ]) {
      expect(packColumn({ values, present: everyStep, kind: "gauge" })).toEqual({
        ok: false,
        problem: { kind: "out-of-range" },
      });
    }
  });
});

describe("unpacking throws on bytes that were never verified:", () => {
  test.each([
    ["too few values", [2, 2], 3],
    ["too many values", [2, 2], 1],
    ["a value cut short", [2, 0x80], 2],
  ])("%s", (_, values, steps) => {
    const column = { values: Uint8Array.from(values), present: everyStep };
    expect(() => unpackColumn(column, steps, "gauge")).toThrow("column");
  });
});
