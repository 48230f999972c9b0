import fc from "fast-check";
import { expect, test } from "vitest";
import { addSeqs, capSpans, hasSeq, type SeqSpan } from "./seq-spans.ts";

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

test("more holes than may be kept are closed from the lowest on, and told", () => {
  const spans = [span(1, 1), span(3, 3), span(7, 8), span(10, 10)];
  expect(capSpans(spans, 4)).toBeNull();
  expect(capSpans(spans, 2)).toEqual({ first: 2, last: 6 });
  expect(spans).toEqual([span(1, 8), span(10, 10)]);
});
