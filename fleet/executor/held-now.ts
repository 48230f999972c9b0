import { heldWhy } from "#fleet/lifecycle/held-why.ts";
import type { Verb } from "#fleet/lifecycle/verbs.ts";
import type { Why } from "#fleet/lifecycle/why.ts";
import { retryMs, type StepRun } from "./step-run.ts";

/** The holds that forbid it at this moment, not when it was started; empty: none does. */
export async function heldNow(run: StepRun, verb: Verb): Promise<readonly Why[]> {
  const { effects, facts } = run;
  const current = (await effects.execution.facts(facts.host.id)) ?? facts;
  return heldWhy(current, [verb], effects.clock.nowUnixMs());
}

/** When to look again: a release wakes us, an end that was set does not. */
export function heldPaceMs({ effects }: StepRun, why: readonly Why[]): number {
  const nowMs = effects.clock.nowUnixMs();
  const ends = why.map(({ untilMs }) => (untilMs ?? Infinity) - nowMs);
  return Math.min(retryMs.refused, Math.max(1_000, ...ends));
}
