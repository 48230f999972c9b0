import type { Asker } from "#fleet/lifecycle/lifecycle.ts";
import type { DrainDetail, OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { PlanAction } from "#fleet/lifecycle/plan.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf } from "./inventory-builders.ts";
import { operationIdOf } from "./life-builders.ts";
import { virtualStartMs } from "./virtual-clock.ts";

export const ann: Asker = { name: "ann", kind: "person", reason: "fan 3 is loud" };
export const ben: Asker = { name: "ben", kind: "person", reason: "it was my turn" };

type DrainAction = Extract<PlanAction, { kind: "drain" }>;

/** A planned drain of two hours. */
export function drainAction(facts: Partial<DrainAction> = {}): DrainAction {
  return {
    kind: "drain",
    drain: "planned",
    deadlineMs: 2 * 3_600_000,
    force: false,
    graceMs: 60_000,
    ...facts,
  };
}

/** A drain of host 1 that has just begun, at epoch 1, with two hours. */
export function drainOperation(
  facts: Partial<OperationRecord> = {},
  detail: Partial<DrainDetail> = {},
): OperationRecord {
  return {
    id: operationIdOf(1),
    hostId: hostIdOf(1),
    kind: "drain",
    epoch: 1,
    planId: null,
    status: "running",
    fromPhase: "active",
    step: "cordon",
    stepState: "between",
    stepSinceMs: unixMs(virtualStartMs),
    attempt: 1,
    why: [],
    reason: ann.reason,
    by: ann.name,
    startedMs: unixMs(virtualStartMs),
    deadlineMs: unixMs(virtualStartMs + 2 * 3_600_000),
    endedMs: null,
    progressMs: unixMs(virtualStartMs),
    detail: {
      kind: "drain",
      drain: "planned",
      force: false,
      graceMs: 60_000,
      allowedMs: 2 * 3_600_000,
      fence: { agentAckMs: null, tenancyAckMs: null, tenancyRevision: null },
      remaining: null,
      notices: [],
      proof: null,
      ...detail,
    },
    history: [],
    version: 1,
    ...facts,
  };
}
