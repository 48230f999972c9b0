import { expect, test } from "vitest";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { planIdOf } from "#test/support/life-builders.ts";
import { createRefusalMemory } from "./refusal-memory.ts";

test("what a plan is refused with in round after round is news once, and again when it is something else", () => {
  const { isNoted } = createRefusalMemory();
  const ask = (codes: string) => isNoted(planIdOf(1), hostIdOf(1), codes);
  expect([ask("phase"), ask("phase"), ask("hold"), ask("hold"), ask("phase")]).toEqual([
    false,
    true,
    false,
    true,
    false,
  ]);
  expect(isNoted(planIdOf(1), hostIdOf(2), "phase")).toBe(false);
  expect(isNoted(planIdOf(2), hostIdOf(1), "phase")).toBe(false);
});

test("what somebody asked of a single host is news each time", () => {
  const { isNoted } = createRefusalMemory();
  expect(isNoted(null, hostIdOf(1), "phase")).toBe(false);
  expect(isNoted(null, hostIdOf(1), "phase")).toBe(false);
});
