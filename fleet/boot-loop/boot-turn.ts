import type { QuarantineReason } from "#fleet/lifecycle/quarantine-reasons.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import type { BmcProtocol } from "./bmc-driver.ts";
import type { BootAction, BootChange, BootEnd, BootLook, Rung } from "./boot-action.ts";
import type { BootEvidence } from "./boot-evidence.ts";
import type { BootPolicy, BudgetName } from "./boot-policy.ts";
import type { BootQuirks } from "./boot-quirks.ts";
import { type BootLoopState, inStage, type PowerFact } from "./boot-state.ts";

/** What a decision is made of. */
export interface BootTurn {
  readonly state: BootLoopState;
  readonly evidence: BootEvidence;
  readonly policy: BootPolicy;
  readonly quirks: BootQuirks;
  readonly nowMs: UnixMs;
}

/** `state`: with what the action spends taken already, so that a crash in it cannot give it back. */
export interface BootDecision {
  readonly action: BootAction;
  readonly rung: Rung;
  readonly why: string;
  readonly budget: BudgetName | null;
  readonly state: BootLoopState;
}

/** Either what to do, or only another place to decide from. */
export type BootStep = BootDecision | { readonly moved: BootLoopState };

export function wait(turn: BootTurn, untilMs: number, why: string): BootDecision {
  const { nowMs, policy } = turn;
  // Evidence is looked at in between; and no wait is without length.
  const until = Math.min(Math.max(untilMs, nowMs + 1_000), nowMs + policy.pollMs);
  const state = { ...turn.state, waitsFor: why };
  return { action: { kind: "wait", untilMs: unixMs(until) }, rung: "R0", why, budget: null, state };
}

export function finish(turn: BootTurn, end: BootEnd): BootDecision {
  const why = end.kind === "reached" ? end.evidence : end.words;
  const rung = end.kind === "reached" ? "R0" : "R6";
  const state = { ...turn.state, end, pending: null, waitsFor: null };
  return { action: { kind: "end", end }, rung, why, budget: null, state };
}

export function quarantine(turn: BootTurn, reason: QuarantineReason, words: string): BootDecision {
  return finish(turn, { kind: "quarantine", reason, words });
}

/** A look, or a wait where its BMC wants to be left alone. */
export function look(turn: BootTurn, action: BootLook, why: string): BootDecision {
  const quiet = quietOf(turn, action.protocol);
  if (quiet !== null) return quiet;
  return { action, rung: "R0", why, budget: null, state: turn.state };
}

/**
 * A change, or what has to come before it: a pause, a confirmation of who answers. null: its budget is
 * spent, or this BMC has no such order.
 */
export function change(
  turn: BootTurn,
  budget: BudgetName,
  action: BootChange,
  rung: Rung,
  why: string,
): BootDecision | null {
  const { state, policy, nowMs } = turn;
  const { count, pauseMs } = policy.budgets[budget];
  if (state.spent[budget] >= count || state.unoffered.includes(orderName(action))) return null;
  const lastMs = state.spentMs[budget];
  if (lastMs !== undefined && nowMs - lastMs < pauseMs)
    return wait(turn, lastMs + pauseMs, `the pause before the next ${budget}: ${why}`);
  const quiet = quietOf(turn, action.protocol);
  if (quiet !== null) return quiet;
  const noCut = isCutting(action)
    ? turn.evidence.noCuts.find((one) => isInForce(one, nowMs))
    : null;
  if (noCut)
    return wait(turn, noCut.untilMs ?? nowMs + policy.pollMs, `no cut of power: ${noCut.words}`);
  const health = state.health[action.protocol];
  if (health && health.readsWanted > 0)
    return look(turn, { kind: "read-power", protocol: action.protocol }, "is the BMC ready");
  const { identity } = state;
  const isConfirmed =
    identity !== null &&
    identity.protocol === action.protocol &&
    identity.verdict.kind === "same" &&
    nowMs - identity.atMs <= policy.identityFreshMs &&
    nowMs >= identity.atMs;
  if (!isConfirmed)
    return look(
      turn,
      { kind: "identify", protocol: action.protocol },
      `who answers, before: ${why}`,
    );
  return {
    action,
    rung,
    why,
    budget,
    state: {
      ...state,
      identity: null,
      pending: action,
      waitsFor: null,
      spent: { ...state.spent, [budget]: state.spent[budget] + 1 },
      spentMs: { ...state.spentMs, [budget]: nowMs },
    },
  };
}

/** How an order is remembered that a BMC does not have: `redfish ac-cycle`. */
export function orderName(action: BootChange): string {
  if (action.kind === "set-power") return `${action.protocol} ${action.order}`;
  if (action.kind === "reset-bmc") return `${action.protocol} reset-bmc`;
  return "";
}

function isInForce({ untilMs }: { readonly untilMs: UnixMs | null }, nowMs: number): boolean {
  return untilMs === null || untilMs > nowMs;
}

function isCutting(action: BootChange): boolean {
  if (action.kind === "reset-bmc") return true;
  return action.kind === "set-power" && action.order !== "on";
}

function quietOf(turn: BootTurn, protocol: BmcProtocol): BootDecision | null {
  const { state, nowMs } = turn;
  const health = state.health[protocol];
  const untilMs = Math.max(state.lockedUntilMs, health?.quietUntilMs ?? 0);
  if (untilMs <= nowMs) return null;
  return wait(
    turn,
    untilMs,
    `the BMC is left alone: ${health?.detail ?? "it was refused too often"}`,
  );
}

/** Who is asked: the first protocol that answers; else the one that fails the least. */
export function speakers(turn: BootTurn): readonly BmcProtocol[] {
  const { state, quirks } = turn;
  const all = state.abilities.map(({ protocol }) => protocol);
  const named = quirks.protocols.filter((protocol) => all.includes(protocol));
  const ordered = [...new Set([...named, ...all])].filter(
    (protocol) => !state.health[protocol]?.isGivenUp,
  );
  const trouble = (protocol: BmcProtocol): number =>
    (state.health[protocol]?.row ?? 0) >= troubledRow ? 1 : 0;
  return ordered.toSorted((left, right) => trouble(left) - trouble(right));
}

const troubledRow = 3;

/** The power as the protocol tells it, fresh enough to act on; else null. */
export function freshPower(turn: BootTurn, protocol: BmcProtocol): PowerFact | null {
  const fact = turn.state.seen.power[protocol];
  if (fact === undefined || fact.atMs < turn.state.round.changesMs) return null;
  return turn.nowMs - fact.atMs <= turn.policy.readingFreshMs ? fact : null;
}

/** Restart of the BMC, through whoever offers it; null: that rung is used up. */
export function resetStep(turn: BootTurn): BootStep | null {
  const { state, policy, nowMs } = turn;
  if (state.spent["bmc-reset"] >= policy.budgets["bmc-reset"].count) return null;
  if (resetBy(turn) === null) return null;
  const wasOff = Object.values(state.seen.power).some((fact) => fact.state === "off");
  return { moved: inStage(state, "reset", nowMs, { wasOff }) };
}

/** The second restart is asked for in the other protocol. */
export function resetBy(turn: BootTurn): BmcProtocol | null {
  const { state } = turn;
  const offered = speakers(turn).filter(
    (protocol) => !state.unoffered.includes(`${protocol} reset-bmc`),
  );
  return offered[state.spent["bmc-reset"] % Math.max(1, offered.length)] ?? null;
}
