import { describe, expect, test } from "vitest";
import { fuzzTargets } from "./all-targets.ts";
import { expectRobust, fuzzSeed } from "./expect-robust.ts";
import { readKeptInputs } from "./kept-inputs.ts";
import { judge } from "./run-target.ts";

/** Mutations of each target's samples; the recordings' are in test/recordings and test/soak. */
const mutations = 1_000;

test("every target has a name of its own and a sample", () => {
  const names = fuzzTargets.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(fuzzTargets.filter((target) => target.samples().length === 0)).toEqual([]);
});

describe.each(fuzzTargets)("$name", (target) => {
  test(`takes its samples and ${mutations} mutations of them`, { timeout: 60_000 }, () => {
    expectRobust(target, { seed: fuzzSeed, count: mutations, samples: target.samples() });
  });
});

const kept = readKeptInputs();

test("every kept input has a target", () => {
  const names = fuzzTargets.map(({ name }) => name);
  expect(kept.filter(({ target }) => !names.includes(target))).toEqual([]);
});

test("inputs that once failed are taken", () => {
  const failing = kept.flatMap(({ target: name, text }) => {
    const target = fuzzTargets.find((candidate) => candidate.name === name);
    const why = target === undefined ? null : judge(target, text);
    return why === null ? [] : [`${name} ${why}`];
  });
  expect(failing).toEqual([]);
});
