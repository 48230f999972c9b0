import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { BootEvidence } from "./boot-evidence.ts";
import type { OffGoal } from "./boot-goal.ts";
import type { BootPolicy } from "./boot-policy.ts";
import type { BootLoopState } from "./boot-state.ts";

/** `sides`: who says off, by component; `against`: who says that it still runs. */
export interface FenceJudgement {
  readonly isProven: boolean;
  readonly sides: readonly FenceSide[];
  readonly against: readonly string[];
  /** What is still missing, in words; empty when it is proven. */
  readonly missing: string;
}

export type FenceSide = "BMC" | "host" | "outlet" | "switch port" | "person";

/**
 * Whether a host is off well enough that nobody can write its disks. The BMC is one witness, however
 * many protocols and meters of its own it speaks with: it publishes what was ordered as what is so.
 * Beside it stands somebody who is not the BMC: the host, heard before the request and silent since;
 * an outlet's meter that fell; a switch port that is down; a person. Whoever says otherwise voids it.
 */
export function judgeFence(
  state: BootLoopState,
  goal: OffGoal,
  evidence: BootEvidence,
  policy: BootPolicy,
  nowMs: UnixMs,
): FenceJudgement {
  const sides: FenceSide[] = [];
  const against: string[] = [];
  const requestMs = requestOf(state);
  const isNew = (atMs: number): boolean => atMs > requestMs && nowMs - atMs <= freshMs(policy);
  const band = goal.standbyMaxMilliwatts;

  const powers = Object.entries(state.seen.power).filter(([, { atMs }]) => isNew(atMs));
  for (const [protocol, { state: told, chassis }] of powers) {
    if (told === "on") against.push(`${protocol} says on`);
    if (chassis === "on") against.push(`${protocol} says that the chassis is on`);
  }
  const settled = powers.filter(
    ([, fact]) =>
      fact.state === "off" &&
      fact.count >= 2 &&
      // The old value may be told for a while: the same one again after that.
      fact.sinceMs > requestMs &&
      fact.atMs - requestMs >= policy.powerSettleMs,
  );
  const speaking = state.abilities.filter(({ protocol }) => !state.health[protocol]?.isGivenUp);
  if (settled.length > 0 && settled.length >= speaking.length) sides.push("BMC");

  const watts = state.seen.watts.filter(({ milliwatts, atMs }) => isNew(atMs) && milliwatts);
  if (
    band !== null &&
    watts.length > 0 &&
    watts.every(({ milliwatts }) => Number(milliwatts) > band)
  )
    against.push("its BMC's meter is above standby");

  const { heardMs, link, outlet, personSaysOffMs } = evidence;
  const lastCallMs = Math.max(0, ...evidence.calls.map(({ atMs }) => atMs));
  const aliveMs = Math.max(heardMs ?? 0, lastCallMs);
  if (aliveMs > nowMs - policy.silentMs) against.push("its system is still heard");
  // Silent for hours already is no sign that this order did anything.
  else if (aliveMs > state.startedMs - policy.silentMs) sides.push("host");
  if (evidence.requests.some(({ atMs }) => atMs > nowMs - policy.silentMs))
    against.push("it asks the boot network");

  if (outlet !== null && isNew(outlet.observedMs) && band !== null && outlet.milliwatts > band)
    against.push("its outlet's meter is above standby");
  else if (
    outlet !== null &&
    isNew(outlet.observedMs) &&
    outlet.observedMs - requestMs >= policy.powerSettleMs &&
    band !== null &&
    outlet.milliwatts > 0
  )
    sides.push("outlet");
  if (link !== null && isNew(link.observedMs) && link.state === "up")
    against.push("its switch port has a link");
  else if (link !== null && isNew(link.observedMs)) sides.push("switch port");
  if (personSaysOffMs !== null && personSaysOffMs > state.startedMs) sides.push("person");

  const isProven = against.length === 0 && sides.includes("BMC") && sides.length >= 2;
  return { isProven, sides, against, missing: isProven ? "" : missingWords(sides, against) };
}

/** The newest order to switch off, or the loop's begin where none was needed. */
export function requestOf(state: BootLoopState): UnixMs {
  const orders = [state.spentMs.off, state.spentMs["soft-off"], state.spentMs["bmc-reset"]];
  return Math.max(state.startedMs, ...orders.map((atMs) => atMs ?? 0)) as UnixMs;
}

function freshMs(policy: BootPolicy): number {
  return 2 * policy.readingFreshMs;
}

function missingWords(sides: readonly FenceSide[], against: readonly string[]): string {
  if (against.length > 0) return against.join(", ");
  if (!sides.includes("BMC")) return "its BMC has not said off twice, long enough after the order";
  return "only its BMC says that it is off";
}
