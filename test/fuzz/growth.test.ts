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

  // A pattern that looks for the end of a run of blanks from each of them takes seconds here.
  test.each(fuzzTargets)("$name, with a long run of blanks within a line", (target) => {
    for (const sample of target.samples())
      for (const text of withBlanksWithin(sample)) expect(judge(target, text)).toBeNull();
  });
});

function* withBlanksWithin(sample: string): Generator<string> {
  const lines = sample.split("\n");
  const every = Math.max(1, Math.floor(lines.length / 64));
  for (let at = 0; at < lines.length; at += every)
    for (const blank of [" ", "\t"]) {
      const line = lines[at] ?? "";
      const middle = line.length >> 1;
      const long = line.slice(0, middle) + blank.repeat(60_000) + line.slice(middle);
      yield lines.with(at, long).join("\n");
    }
}
