import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import type { Actor, Decision, HostFacts } from "./decision.ts";
import { lifecycleNumbers } from "./numbers.ts";
import type { DrainDetail, DrainKind, OperationRecord } from "./operation.ts";
import { changeOperation } from "./operation-change.ts";
import type { PlanAction } from "./plan.ts";

const ranks = { planned: 0, degraded: 1, emergency: 2 } as const satisfies Record<
  DrainKind,
  number
>;

type DrainAction = Extract<PlanAction, { kind: "drain" }>;

/** An emergency begins now: it has its graceful stop, and room to be proven in. */
export function allowedOf(action: DrainAction): number {
  if (action.drain !== "emergency") return action.deadlineMs;
  return Math.max(action.deadlineMs, action.graceMs + lifecycleNumbers.emergencyRoomMs);
}

/** Whether what is asked is more than the drain that runs: a stronger kind, or force. */
export function isStronger(asked: DrainAction, running: OperationRecord): boolean {
  const { detail } = running;
  if (detail.kind !== "drain") return false;
  return ranks[asked.drain] > ranks[detail.drain] || (asked.force && !detail.force);
}

/** The drain goes on as the stronger of the two, with the earlier deadline, at a new epoch. */
export function strengthen(
  facts: HostFacts,
  running: OperationRecord,
  asked: DrainAction,
  actor: Actor,
  nowMs: UnixMs,
): Decision<OperationRecord> {
  const { detail } = running;
  if (detail.kind !== "drain") return { kind: "same", value: running };
  const allowedMs = Math.min(detail.allowedMs, allowedOf(asked));
  const graceMs = Math.min(detail.graceMs, asked.graceMs);
  const stronger: DrainDetail = {
    ...detail,
    drain: ranks[asked.drain] > ranks[detail.drain] ? asked.drain : detail.drain,
    force: detail.force || asked.force,
    graceMs,
    allowedMs,
  };
  const knownMs = running.deadlineMs ?? nowMs + allowedMs;
  // Paused at its deadline: what is asked now still needs the time of a graceful stop, and gets no
  // more than was asked for.
  const isOver = knownMs <= nowMs;
  const deadlineMs = isOver
    ? nowMs + Math.min(graceMs + lifecycleNumbers.stopRoomMs, allowedOf(asked))
    : Math.min(knownMs, nowMs + allowedOf(asked));
  return rearm(facts, running, stronger, unixMs(deadlineMs), actor, nowMs, "operation.strengthen");
}

/**
 * The drain begins its steps anew at a higher epoch: what was ordered at the old one is void, what
 * was reached (notice given, work moved) is found again by asking.
 */
export function rearm(
  facts: HostFacts,
  operation: OperationRecord,
  detail: DrainDetail,
  deadlineMs: UnixMs,
  actor: Actor,
  nowMs: UnixMs,
  action: string,
): Decision<OperationRecord> {
  return changeOperation(
    facts,
    operation,
    {
      operation: {
        epoch: facts.host.epoch + 1,
        status: "running",
        step: "cordon",
        stepState: "between",
        stepSinceMs: nowMs,
        attempt: 1,
        why: [],
        deadlineMs,
        progressMs: nowMs,
        detail: {
          ...detail,
          fence: { agentAckMs: null, tenancyAckMs: null, tenancyRevision: null },
          proof: null,
        },
      },
      action,
      facts: { drain: detail.drain, force: detail.force, deadlineMs },
    },
    actor,
    nowMs,
  );
}
