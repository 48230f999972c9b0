import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { addSeqs, hasSeq, opensRun, type SeqSpan } from "./seq-spans.ts";

const span = (first: number, last: number): SeqSpan => ({
  first,
  last,
  fromMs: first * 1_000,
  toMs: (last + 1) * 1_000,
});

test("runs of numbers are those of a plain set, merged, with the time of their ends", () => {
  const run = fc
    .record({ first: fc.integer({ min: 1, max: 60 }), length: fc.integer({ min: 1, max: 6 }) })
    .map(({ first, length }) => span(first, first + length - 1));
  fc.assert(
    fc.property(fc.array(run, { maxLength: 40 }), (runs) => {
      const spans: SeqSpan[] = [];
      const set = new Set<number>();
      for (const one of runs) {
        addSeqs(spans, one);
        for (let seq = one.first; seq <= one.last; seq += 1) set.add(seq);
      }
      for (let seq = 0; seq <= 70; seq += 1) expect(hasSeq(spans, seq)).toBe(set.has(seq));
      for (const [index, one] of spans.entries()) {
        expect(one).toEqual(span(one.first, one.last));
        expect(one.first).toBeGreaterThan((spans[index - 1]?.last ?? -1) + 1);
      }
    }),
  );
});

test("only numbers that touch no run open one", () => {
  const spans = [span(3, 4), span(8, 9)];
  const opening = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].filter((seq) =>
    opensRun(spans, { first: seq, last: seq }),
  );
  expect(opening).toEqual([1, 6, 11]);
  expect(opensRun(spans, { first: 5, last: 7 })).toBe(false);
  expect(opensRun(spans, { first: 1, last: 20 })).toBe(false);
  expect(opensRun([], { first: 1, last: 1 })).toBe(true);
});
