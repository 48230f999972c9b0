import { describe, expect, test } from "vitest";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { openStepCounter } from "./count-steps.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { minimise } from "./minimise.ts";
import { mutate } from "./mutations.ts";
import { measureAnswer } from "./plain-data.ts";
import { fuzzTarget, judge, mutationOf } from "./run-target.ts";
import { parseList } from "#agent/collectors/text.ts";

/** Parsers with a known fault: the harness must find each. */
const sample = JSON.stringify({ temperature: { current: 31 }, table: [{ id: 5, raw: 0 }] });

function target(parse: (text: string) => unknown, samples = [sample]): FuzzTarget {
  return { name: "planted", samples: () => samples, recordings: null, parse };
}

function failureOf(faulty: FuzzTarget, count = 2_000) {
  return fuzzTarget(faulty, { seed: 1, count, samples: faulty.samples() });
}

describe("planted faults are found", () => {
  test("a parser that believes in JSON", () => {
    expect(failureOf(target((text) => JSON.parse(text)))?.why).toMatch(/^throws SyntaxError/);
  });

  test("a parser that believes in types", () => {
    const faulty = target((text) => {
      try {
        const value = JSON.parse(text);
        return { id: value.table.map((row: { id: number }) => row.id.toFixed(0)) };
      } catch (error) {
        if (error instanceof SyntaxError) return null;
        throw error;
      }
    });
    expect(failureOf(faulty)?.why).toMatch(/^throws TypeError/);
  });

  test("a parser that recurses as deep as its input", () => {
    const depth = (value: unknown): number =>
      typeof value === "object" && value !== null
        ? 1 + Math.max(0, ...Object.values(value).map(depth))
        : 0;
    const faulty = target((text) => {
      try {
        return depth(JSON.parse(text));
      } catch (error) {
        if (error instanceof SyntaxError) return null;
        throw error;
      }
    });
    expect(failureOf(faulty, 10_000)?.why).toMatch(/^throws RangeError/);
  });

  test("a parser that takes NaN for a number", () => {
    expect(failureOf(target((text) => Number(/\d+\S*/.exec(text)?.[0])))?.why).toMatch(/is NaN/);
  });

  test("a list that is longer than its text", () => {
    const faulty = target(
      (text) => {
        const [first = 0, last = 0] = text.split("-").map(Number);
        return Number.isSafeInteger(last) && last - first < 2_000_000
          ? Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index)
          : [];
      },
      ["0-3"],
    );
    expect(failureOf(faulty)?.why).toMatch(/^makes \d+ values of/);
  });

  test("a regular expression that begins anew at every blank", { timeout: 60_000 }, () => {
    const faulty = target((text) => ({ text: text.replace(/\s+$/, "") }));
    expect(judge(faulty, `a${" ".repeat(50_000)}b`)).toMatch(/^takes|still parsing/);
  });

  test("an object of a class, undefined and a cycle are no plain data", () => {
    expect(measureAnswer(new Map())).toMatch(/class Map/);
    expect(measureAnswer({ a: undefined })).toBe("answer.a is undefined");
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(measureAnswer(cycle)).toMatch(/nested deeper/);
  });
});

test("what may be thrown is declared", () => {
  const declared = {
    ...target((text) => typeof JSON.parse(text)),
    throws: [SyntaxError],
  };
  expect(failureOf(declared)).toBeNull();
});

test("a mutation is the same under the same seed and number", () => {
  const any = target(() => null);
  const of = { seed: 7, samples: [sample], mutation: 12 };
  expect(mutationOf(any, of)).toEqual(mutationOf(any, of));
  expect(mutationOf(any, { ...of, mutation: 13 })).not.toEqual(mutationOf(any, of));
});

test("mutations reach every edit, and lone surrogates, NULs and nested JSON among them", () => {
  const random = createSeededRandom(3);
  const made = Array.from({ length: 3_000 }, () => mutate(sample, [sample], random));
  const edits = new Set(made.flatMap((mutated) => mutated.edits));
  expect(edits.size).toBe(23);
  expect(made.some(({ text }) => /\ud800(?![\udc00-\udfff])/.test(text))).toBe(true);
  expect(made.some(({ text }) => text.includes("\0"))).toBe(true);
  expect(made.some(({ text }) => text.includes("[".repeat(200)))).toBe(true);
});

test("a failing input is made small", () => {
  const text = `${"line of words\n".repeat(300)}the one that hurts\n${"more\n".repeat(300)}`;
  expect(minimise(text, (candidate) => candidate.includes("hurts"))).toBe("hurts");
});

test("steps are counted: twice the list, twice the steps, every time the same", () => {
  const counter = openStepCounter();
  const lists = target((text) => parseList(text), ["0"]);
  const [once, twice, again] = [100, 200, 100].map((count) =>
    counter.count(lists, Array.from({ length: count }, (_, index) => index).join(",")),
  );
  counter.close();
  expect(again).toBe(once);
  expect((twice ?? 0) / (once ?? 1)).toBeGreaterThan(1.8);
  expect((twice ?? 0) / (once ?? 1)).toBeLessThan(2.2);
});
