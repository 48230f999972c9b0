import { afterAll, describe, expect, test } from "vitest";
import { fuzzTargets } from "./all-targets.ts";
import { openStepCounter } from "./count-steps.ts";
import { enlarge } from "./enlarge.ts";
import { judge } from "./run-target.ts";

/** Steps are counted, not timed: the same on every machine. Regular expressions have a limit of time. */
describe("work grows with the input and no faster", () => {
  const counter = openStepCounter();
  afterAll(() => counter.close());
  /** Fixed work, and how much longer than eight times eight times the text may take. */
  const stepsBase = 2_000;
  const unevenness = 1.5;

  test.each(fuzzTargets)("$name", { timeout: 60_000 }, (target) => {
    for (const sample of target.samples()) {
      const once = counter.count(target, enlarge(sample, 8));
      const eight = counter.count(target, enlarge(sample, 64));
      expect(eight, "steps for eight times the text").toBeLessThanOrEqual(
        stepsBase + unevenness * 8 * once,
      );
      expect(judge(target, enlarge(sample, 64))).toBeNull();
      for (const filler of [" ", "\n", "a", "0", "\t\n", ":", "|", "{", '"'])
        expect(judge(target, sample + filler.repeat(100_000) + sample)).toBeNull();
    }
  });
});
