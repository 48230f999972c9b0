import type { FuzzTarget } from "./fuzz-target.ts";
import { keepInput } from "./kept-inputs.ts";
import { minimise } from "./minimise.ts";
import { fuzzTarget, type FuzzFailure, type FuzzRun, judge } from "./run-target.ts";

/**
 * Throws with the seed, the edits and the smallest text that still fails. Keeps that text under
 * kept/ where `isKept` or WWS_FUZZ_KEEP says so; it may come from a recording only in part, and who
 * commits it looks at it first.
 */
export function expectRobust(target: FuzzTarget, run: FuzzRun, isKept = false): void {
  const failure = fuzzTarget(target, run);
  if (failure === null) return;
  const small = smallest(target, failure);
  const kept =
    isKept || process.env["WWS_FUZZ_KEEP"] === "1" ? `\nkept as ${keepInput(small)}` : "";
  const { mutation, edits } = failure;
  const origin =
    mutation === null
      ? "a sample as it stands"
      : `seed ${run.seed}, mutation ${mutation}: ${edits.join(", ")}`;
  throw new Error(
    `${target.name} ${small.why}\n${origin}\nsmallest input (${small.text.length} characters): ${JSON.stringify(small.text.slice(0, shownMax))}${kept}`,
  );
}

/** Of a slow parse only the size counts, and each try is slow: it stays as it is. */
function smallest(target: FuzzTarget, failure: FuzzFailure): FuzzFailure {
  if (/^takes |still parsing/.test(failure.why)) return failure;
  const text = minimise(failure.text, (candidate) => judge(target, candidate) !== null);
  return { ...failure, text, why: judge(target, text) ?? failure.why };
}

const shownMax = 1_000;

/** The seed of `npm test` is always the same; WWS_FUZZ_SEED=N tries another. */
export const fuzzSeed = Number(process.env["WWS_FUZZ_SEED"] ?? 1);
