import type { HostId, PlanId } from "#proto/vocabulary/ids.ts";

/** Of each host of a plan, why its last start was refused: a plan asks again in each of its rounds. */
export interface RefusalMemory {
  /** Refused as it was before? What a single host's start is refused with is news each time. */
  isNoted(planId: PlanId | null, hostId: HostId, codes: string): boolean;
  /** It stands in the audit. */
  note(planId: PlanId | null, hostId: HostId, codes: string): void;
}

/** Refusals remembered; forgotten ones are noted once more. */
const refusalsMax = 10_000;

export function createRefusalMemory(): RefusalMemory {
  const refusals = new Map<string, string>();
  return {
    isNoted: (planId, hostId, codes) =>
      planId !== null && refusals.get(`${planId} ${hostId}`) === codes,
    note(planId, hostId, codes) {
      if (planId === null) return;
      if (refusals.size >= refusalsMax) refusals.clear();
      refusals.set(`${planId} ${hostId}`, codes);
    },
  };
}
