import type { Phase } from "#fleet/inventory/host-record.ts";
import type { HoldId, OperationId, PlanId } from "#proto/vocabulary/ids.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { type Decision, type HostFacts, refused } from "./decision.ts";
import { cordonFor, drainOfCordon } from "./drain-cordon.ts";
import { exits } from "./exits.ts";
import { heldWhy } from "./held-why.ts";
import type { Asker } from "./lifecycle.ts";
import { locateDeadlineMs, locateDetail, relight } from "./locate-light.ts";
import { noBmcWhy } from "./power.ts";
import type { OperationDetail, OperationRecord } from "./operation.ts";
import { changeOperation } from "./operation-change.ts";
import { operationTable, pairOf } from "./operation-table.ts";
import type { PlanAction } from "./plan.ts";
import { allowedOf, isStronger, strengthen } from "./strengthen-drain.ts";
import type { Verb } from "./verbs.ts";
import type { Why } from "./why.ts";

export interface StartAsk {
  readonly action: PlanAction;
  readonly planId: PlanId | null;
  readonly asker: Asker;
}

export interface StartPolicy {
  /** Freeze, safe mode, a domain event: what stops every M and D here; empty: nothing does. */
  readonly brakes: readonly Why[];
  /** Whether an emergency wants two people. */
  readonly emergencyNeedsTwo: boolean;
  /** Where a quarantined host was before; null: nobody knows. */
  readonly backTo: Phase | null;
  /** Whether its BMC is known and may be asked. */
  readonly hasBmc: boolean;
  readonly nowMs: UnixMs;
  readonly newOperationId: () => OperationId;
  readonly newHoldId: () => HoldId;
}

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
  if (running?.kind === action.kind && !isMore && !isLight) return { kind: "same", value: running };
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

/** Every reason against it, each with its exit; empty: it may begin, or runs already. */
export function whyNotStart(
  facts: HostFacts,
  { action, planId, asker }: StartAsk,
  policy: Pick<StartPolicy, "brakes" | "emergencyNeedsTwo" | "backTo" | "hasBmc" | "nowMs">,
): readonly Why[] {
  const { host } = facts;
  const running = facts.operation;
  const why: Why[] = [];
  if (host.watchedOnly) why.push(watchedOnly(facts));
  const pair = pairOf(action.kind, host.phase);
  if (!pair.isAllowed)
    why.push({
      code: "phase",
      words: `${host.name} ${pair.reason}`,
      who: "an operator",
      command: phaseExit(facts, action),
      untilMs: null,
    });
  if (running !== null && running.kind !== action.kind) why.push(busy(facts, running));
  // A light that blinks changes nothing of what runs there.
  if (operationTable[action.kind].class !== "L") why.push(...policy.brakes);
  if (running === null) why.push(...heldBack(facts, action, policy.nowMs));
  else if (action.kind === "drain" && action.force)
    why.push(...heldBack(facts, action, policy.nowMs, ["force-drain"]));
  if (action.kind === "drain") why.push(...wrongDrain(facts, action, asker, policy));
  if (action.kind === "power" || action.kind === "locate") {
    if (!policy.hasBmc) why.push(noBmcWhy(host));
  }
  if (action.kind === "power" && running === null && host.phase === "active" && planId === null)
    why.push(onlyByPlan(facts, "switched", exits.power(host, action.power)));
  if (action.kind === "reboot" && running === null) {
    if (host.phase === "active" && planId === null)
      why.push(onlyByPlan(facts, "rebooted", exits.reboot(host)));
    if (host.bootId === null)
      why.push({
        code: "agent",
        words: `${host.name} never said which boot it runs, so a restart could not be seen`,
        who: "its agent, by connecting once",
        command: null,
        untilMs: null,
      });
  }
  if (action.kind === "clear" && pair.isAllowed && policy.backTo === null && running === null)
    why.push(nowhereBack(facts));
  return why;
}

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

function wrongDrain(
  { host }: HostFacts,
  action: Extract<PlanAction, { kind: "drain" }>,
  asker: Asker,
  policy: Pick<StartPolicy, "emergencyNeedsTwo">,
): readonly Why[] {
  const why: Why[] = [];
  const isTime = (value: number): boolean => Number.isFinite(value) && value >= 0;
  if (!isTime(action.deadlineMs) || !isTime(action.graceMs) || allowedOf(action) === 0)
    why.push(
      deadlineWhy(host.name, "a drain needs a deadline, and a graceful stop of no less than 0 s"),
    );
  else if (action.graceMs > allowedOf(action))
    why.push(
      deadlineWhy(
        host.name,
        `the graceful stop of ${seconds(action.graceMs)} does not fit into the deadline of ${seconds(allowedOf(action))}`,
      ),
    );
  const isSecond = asker.approvedBy !== undefined && asker.approvedBy !== asker.name;
  if (action.drain === "emergency" && policy.emergencyNeedsTwo && !isSecond)
    why.push({
      code: "approval",
      words: `an emergency drain of ${host.name} wants two people; ${asker.name} is one`,
      who: "another operator",
      command: null,
      untilMs: null,
    });
  return why;
}

function deadlineWhy(name: string, words: string): Why {
  return {
    code: "deadline",
    words: `${name}: ${words}`,
    who: "who asks",
    command: null,
    untilMs: null,
  };
}

const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`;

function heldBack(
  facts: HostFacts,
  action: PlanAction,
  nowMs: number,
  only?: readonly Verb[],
): readonly Why[] {
  const isForced = action.kind === "drain" && action.force;
  const asked: readonly Verb[] = only ?? (isForced ? ["drain", "force-drain"] : [action.kind]);
  return heldWhy(facts, asked, nowMs);
}

function onlyByPlan({ host }: HostFacts, what: string, command: string): Why {
  return {
    code: "plan",
    words: `${host.name} is active: it is ${what} through a plan`,
    who: "an operator",
    command,
    untilMs: null,
  };
}

function watchedOnly({ host }: HostFacts): Why {
  return {
    code: "watched-only",
    words: `${host.name} was adopted and is only watched: nothing is done to it`,
    who: "an operator",
    command: exits.manage(host),
    untilMs: null,
  };
}

function busy({ host }: HostFacts, running: OperationRecord): Why {
  return {
    code: "operation",
    words: `${host.name} has an operation already: ${running.kind} by ${running.by}, step ${running.step}${running.status === "paused" ? ", paused" : ""}`,
    who: `${running.by}, or another operator`,
    command: exits.cancel(running.id),
    untilMs: running.deadlineMs,
  };
}

function nowhereBack({ host }: HostFacts): Why {
  return {
    code: "phase",
    words: `nobody knows where ${host.name} was before it was quarantined: only a reimage leads out`,
    who: "an operator",
    command: exits.explain(host),
    untilMs: null,
  };
}

function phaseExit({ host }: HostFacts, action: PlanAction): string | null {
  if (action.kind === "drain" && host.phase === "drained") return exits.returnHost(host);
  return exits.explain(host);
}
