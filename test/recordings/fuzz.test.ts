import { describe, expect, test } from "vitest";
import { fuzzTargets } from "#test/fuzz/all-targets.ts";
import { expectRobust, fuzzSeed } from "#test/fuzz/expect-robust.ts";
import type { FuzzTarget } from "#test/fuzz/fuzz-target.ts";
import { listRecordedFiles, readRecordedTexts } from "./recorded-texts.ts";

/** Mutations of the recordings that each parser reads; `npm run soak` makes fifty times as many. */
const mutations = 1_000;

const files = listRecordedFiles();
const reading = fuzzTargets.flatMap((target) =>
  target.recordings === null ? [] : [{ ...target, form: target.recordings }],
);

test("recordings are there, and some parser reads them", () => {
  expect(files.length).toBeGreaterThan(100);
  expect(reading.length).toBeGreaterThan(0);
});

describe.each(reading)("$name", (target: FuzzTarget & { readonly form: RegExp }) => {
  test(`takes its recordings and ${mutations} mutations of them`, { timeout: 300_000 }, () => {
    const samples = readRecordedTexts(files, target.form);
    expect(samples.length, `recordings that ${target.form} matches`).toBeGreaterThan(0);
    expectRobust(target, { seed: fuzzSeed, count: mutations, samples });
  });
});
