import { heldWhy } from "#fleet/lifecycle/held-why.ts";
import type { Verb } from "#fleet/lifecycle/verbs.ts";
import type { Why } from "#fleet/lifecycle/why.ts";
import { brakedWhy } from "./braked.ts";
import { retryMs, type StepRun } from "./step-run.ts";

/**
 * What forbids it at this moment, not when it was started: holds, and for what has not begun yet a
 * domain event. Empty: nothing does.
 */
export async function heldNow(run: StepRun, verb: Verb): Promise<readonly Why[]> {
  const { effects, facts } = run;
  const current = (await effects.execution.facts(facts.host.id)) ?? facts;
  const held = heldWhy(current, [verb], effects.clock.nowUnixMs());
  return [...held, ...brakedWhy(effects, current.host, verb)];
}

/** When to look again: a release wakes us, an end that was set does not. */
export function heldPaceMs({ effects }: StepRun, why: readonly Why[]): number {
  const nowMs = effects.clock.nowUnixMs();
  const ends = why.map(({ untilMs }) => (untilMs ?? Infinity) - nowMs);
  return Math.min(retryMs.refused, Math.max(1_000, ...ends));
}
