import type { HostId, PlanId } from "#proto/vocabulary/ids.ts";

/** Of each host of a plan, why its last start was refused: a plan asks again in each of its rounds. */
export interface RefusalMemory {
  /** Refused as it was before? What a single host's start is refused with is news each time. */
  isNoted(planId: PlanId | null, hostId: HostId, codes: string): boolean;
}

/** Refusals remembered; forgotten ones are noted once more. */
const refusalsMax = 10_000;

export function createRefusalMemory(): RefusalMemory {
  const refusals = new Map<string, string>();
  return {
    isNoted(planId, hostId, codes) {
      if (planId === null) return false;
      const key = `${planId} ${hostId}`;
      if (refusals.get(key) === codes) return true;
      if (refusals.size >= refusalsMax) refusals.clear();
      refusals.set(key, codes);
      return false;
    },
  };
}
