import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { type Decision, type HostFacts, refused } from "./decision.ts";
import { cordonFor, drainOfCordon } from "./drain-cordon.ts";
import { locateDeadlineMs, locateDetail, relight } from "./locate-light.ts";
import type { OperationDetail, OperationRecord } from "./operation.ts";
import { changeOperation } from "./operation-change.ts";
import { operationTable } from "./operation-table.ts";
import type { PlanAction } from "./plan.ts";
import type { StartAsk, StartPolicy } from "./start-ask.ts";
import { allowedOf, isStronger, strengthen } from "./strengthen-drain.ts";
import { isOtherPower, nowhereBack, whyNotStart } from "./why-not-start.ts";

/**
 * Whether an operation may begin, and what is written when it does: the host gets it with a new
 * epoch, and for a drain the cordon, at once. The same one asked twice is the same one; a stronger
 * drain shortens the deadline of the one that runs.
 */
export function decideStart(
  facts: HostFacts,
  ask: StartAsk,
  policy: StartPolicy,
): Decision<OperationRecord> {
  const { action, asker } = ask;
  const running = facts.operation;
  const isMore = running !== null && action.kind === "drain" && isStronger(action, running);
  const isLight = running?.kind === "locate" && action.kind === "locate";
  const isSame = running?.kind === action.kind && !isOtherPower(action, running);
  if (isSame && !isMore && !isLight) return { kind: "same", value: running };
  const why = whyNotStart(facts, ask, policy);
  if (why.length > 0) return { kind: "refused", why };
  if (running !== null && action.kind === "drain")
    return strengthen(facts, running, action, asker, policy.nowMs);
  if (running !== null && action.kind === "locate")
    return relight(facts, running, action, asker, policy.nowMs);
  const detail = detailOf(facts, action, policy);
  if (detail === null) return refused(nowhereBack(facts));
  const { nowMs } = policy;
  const { host } = facts;
  const id = policy.newOperationId();
  const allowedMs = allowedOfDetail(detail, action.kind, nowMs);
  const fresh: OperationRecord = {
    id,
    hostId: host.id,
    kind: action.kind,
    epoch: host.epoch + 1,
    planId: ask.planId,
    status: "running",
    fromPhase: host.phase,
    step: firstSteps[action.kind],
    stepState: "between",
    stepSinceMs: nowMs,
    attempt: 1,
    why: [],
    reason: asker.reason,
    by: asker.name,
    startedMs: nowMs,
    ...(ask.found !== undefined && { found: ask.found }),
    ...(ask.foundHeardMs !== undefined && { foundHeardMs: ask.foundHeardMs }),
    deadlineMs: allowedMs === null ? null : unixMs(nowMs + allowedMs),
    endedMs: null,
    progressMs: nowMs,
    detail,
    history: [],
    version: 0,
  };
  const isCordoned = facts.holds.some((hold) => drainOfCordon(hold) !== null);
  return changeOperation(
    facts,
    fresh,
    {
      operation: {},
      ...(action.kind === "drain" && {
        holdsAdded: [cordonFor(fresh, policy.newHoldId(), nowMs)],
        ...(isCordoned && {
          holdsReleased: facts.holds
            .filter((hold) => drainOfCordon(hold) !== null)
            .map(({ id }) => id),
        }),
      }),
      action: "operation.start",
      facts: { planId: ask.planId },
    },
    asker,
    nowMs,
  );
}

function allowedOfDetail(
  detail: OperationDetail,
  kind: PlanAction["kind"],
  nowMs: UnixMs,
): number | null {
  if (detail.kind === "drain") return detail.allowedMs;
  if (detail.kind === "locate") return locateDeadlineMs(detail) - nowMs;
  return operationTable[kind].deadlineMs;
}

export const firstSteps = {
  drain: "cordon",
  reboot: "ask",
  return: "release",
  clear: "check",
  power: "order",
  locate: "light",
} as const satisfies Record<PlanAction["kind"], string>;

function detailOf(
  { host }: HostFacts,
  action: PlanAction,
  { backTo, nowMs }: StartPolicy,
): OperationDetail | null {
  if (action.kind === "drain")
    return {
      kind: "drain",
      drain: action.drain,
      force: action.force,
      graceMs: action.graceMs,
      allowedMs: allowedOf(action),
      fence: { agentAckMs: null, tenancyAckMs: null, tenancyRevision: null },
      remaining: null,
      notices: [],
      proof: null,
    };
  if (action.kind === "reboot")
    return { kind: "reboot", bootIdBefore: host.bootId, graceMs: action.graceMs };
  if (action.kind === "return") return { kind: "return" };
  if (action.kind === "power")
    return {
      kind: "power",
      power: action.power,
      bootIdBefore: host.bootId,
      ordered: null,
      seenSinceMs: null,
    };
  if (action.kind === "locate") return locateDetail(action, nowMs);
  return backTo === null ? null : { kind: "clear", backTo };
}
