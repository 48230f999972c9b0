import { operationKinds } from "#fleet/inventory/running-operation.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { deadlineOf } from "./decide-deadline.ts";
import type { StartAsk, StartPolicy } from "./start-ask.ts";
import { whyNotStart } from "./why-not-start.ts";
import type { HostFacts } from "./decision.ts";
import { exits } from "./exits.ts";
import type { LifeExplanation, LifeView, PlanJudgement } from "./lifecycle.ts";
import { lifecycleNumbers } from "./numbers.ts";
import type { OperationRecord } from "./operation.ts";
import { pairOf, phaseAfter } from "./operation-table.ts";
import type { PlanAction } from "./plan.ts";
import { type CarriedOut, carriedOut, holdsAgainst, type Verb, whoReleases } from "./verbs.ts";
import type { Why } from "./why.ts";

/**
 * Everything about one host: what is so, why, what comes next and when, who can change it. `past`:
 * its newest operations. Looks at this host only.
 */
export function explainLife(
  facts: HostFacts,
  view: LifeView,
  past: readonly OperationRecord[],
  policy: StartPolicy,
): LifeExplanation {
  const { host, operation } = facts;
  return {
    phase: host.phase,
    sinceMs: phaseSince(facts, past),
    view,
    operation,
    waitsFor: operation === null ? [] : operation.why,
    next: whatIsNext(facts, policy.nowMs),
    verbs: explainVerbs(facts, view, policy),
  };
}

/** The same, with what the rest of the fleet has to do with it: plans, budgets, domain events. */
export function withPlans(told: LifeExplanation, judged: PlanJudgement): LifeExplanation {
  const ofVerbs = new Map<string, readonly Why[]>(judged.verbs);
  const ofFleet = [...judged.verbs.values()].flat();
  const stops = ofFleet.filter(({ code }) => code === "domain-event");
  return {
    ...told,
    waitsFor: unique([...told.waitsFor, ...judged.waits, ...stops]),
    verbs: told.verbs.map((verb) => {
      const more = ofVerbs.get(verb.verb) ?? [];
      if (more.length === 0) return verb;
      return { ...verb, isAllowed: false, why: unique([...verb.why, ...more]) };
    }),
  };
}

/** The same reason of two judges is told once. */
function unique(whys: readonly Why[]): readonly Why[] {
  return [...new Map(whys.map((why) => [`${why.code} ${why.words}`, why])).values()];
}

/** When the newest operation that changed the phase ended; without one, when the record was made. */
function phaseSince({ host }: HostFacts, past: readonly OperationRecord[]): UnixMs | null {
  for (const { kind, status, fromPhase, endedMs, detail } of past) {
    if (status !== "done" || endedMs === null) continue;
    const backTo = detail.kind === "clear" ? detail.backTo : fromPhase;
    const reached = phaseAfter(kind, fromPhase, backTo);
    if (reached === host.phase && reached !== fromPhase) return endedMs;
  }
  return past.length > 0 && past.length >= pastRead ? null : host.createdMs;
}

/** Operations of the past that are read; among fewer the one that matters cannot be missing. */
const pastRead = 20;

function whatIsNext({ host, holds, operation }: HostFacts, nowMs: number): LifeExplanation["next"] {
  if (operation !== null) {
    const deadlineMs = deadlineOf(operation);
    if (operation.status === "paused")
      return { words: `nothing by itself: the ${operation.kind} is paused`, atMs: null };
    const soonest = operation.why
      .map(({ untilMs }) => untilMs)
      .filter((untilMs) => untilMs !== null && untilMs > nowMs)
      .reduce<number | null>(
        (least, untilMs) => (least === null || (untilMs ?? least) < least ? untilMs : least),
        null,
      );
    const { detail } = operation;
    const isForced = detail.kind === "drain" && detail.force;
    if (isForced && soonest !== null && soonest === operation.deadlineMs)
      return { words: "what has not stopped by then is stopped hard", atMs: unixMs(soonest) };
    if (soonest !== null && (deadlineMs === null || soonest < deadlineMs))
      return { words: `step ${operation.step} goes on`, atMs: unixMs(soonest) };
    if (deadlineMs === null) return { words: `step ${operation.step} goes on`, atMs: null };
    const isPausing = operation.kind === "drain" || operation.kind === "return";
    return {
      words: isPausing
        ? "unless it has ended, it pauses at its deadline and says why"
        : "unless it has ended, it fails at its deadline and says why",
      atMs: unixMs(deadlineMs),
    };
  }
  const ending = holds
    .filter((hold) => hold.expiresMs !== null && hold.expiresMs > nowMs)
    .toSorted((left, right) => (left.expiresMs ?? 0) - (right.expiresMs ?? 0))[0];
  if (ending !== undefined)
    return { words: `the ${ending.kind} hold of ${ending.holder} ends`, atMs: ending.expiresMs };
  return host.phase === "planned" ? { words: "its machine calls in", atMs: null } : null;
}

function explainVerbs(
  facts: HostFacts,
  view: LifeView,
  policy: StartPolicy,
): LifeExplanation["verbs"] {
  const place = {
    verb: "place",
    isAllowed: view.isSchedulable,
    why: view.whyNotSchedulable,
  };
  const operations = operationKinds.map((kind) => {
    const why = isCarriedOut(kind)
      ? whyNotStart(facts, askFor(kind), policy)
      : whyNotYet(facts, kind, policy.nowMs);
    return { verb: kind as string, isAllowed: why.length === 0, why };
  });
  return [place, ...operations];
}

function isCarriedOut(kind: Verb): kind is CarriedOut {
  return carriedOut.some((known) => known === kind);
}

/** What the command without options asks for. */
function askFor(kind: CarriedOut): StartAsk {
  const graceMs = 60_000;
  const actions: { readonly [K in CarriedOut]: PlanAction } = {
    drain: {
      kind: "drain",
      drain: "planned",
      deadlineMs: lifecycleNumbers.drainDeadlineMs.planned,
      force: false,
      graceMs,
    },
    reboot: { kind: "reboot", graceMs },
    return: { kind: "return" },
    clear: { kind: "clear" },
    power: { kind: "power", power: "cycle" },
    locate: { kind: "locate", isOn: true, forMs: lifecycleNumbers.locateForMs },
  };
  return {
    action: actions[kind],
    // Any plan: whether it may be rebooted within one is what is asked.
    planId: "" as StartAsk["planId"],
    asker: { name: "", kind: "person", reason: "" },
  };
}

/** An operation that stands in the table and that this release does not carry out. */
function whyNotYet(
  facts: HostFacts,
  kind: (typeof operationKinds)[number],
  nowMs: number,
): readonly Why[] {
  const { host } = facts;
  const pair = pairOf(kind, host.phase);
  const no = { who: "an operator", command: null, untilMs: null };
  if (!pair.isAllowed) return [{ code: "phase", words: `${host.name} ${pair.reason}`, ...no }];
  const holds = holdsAgainst(kind, facts.holds, nowMs).map(
    (hold): Why => ({
      code: "hold",
      words: `${hold.holder} holds ${host.name} (${hold.kind}): ${hold.reason}`,
      who: whoReleases(hold),
      command: exits.releaseHold(hold.id),
      untilMs: hold.expiresMs,
    }),
  );
  return [
    ...holds,
    {
      code: "operation",
      words: `this release does not carry out ${kind} yet`,
      ...no,
      who: "nobody",
    },
  ];
}
