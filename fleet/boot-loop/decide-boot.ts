import { invariant } from "#proto/vocabulary/invariant.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { BootEvidence } from "./boot-evidence.ts";
import type { BootPolicy } from "./boot-policy.ts";
import type { BootQuirks } from "./boot-quirks.ts";
import { type BootLoopState, inStage } from "./boot-state.ts";
import {
  type BootDecision,
  type BootStep,
  type BootTurn,
  quarantine,
  resetStep,
  wait,
} from "./boot-turn.ts";
import { decideOff } from "./decide-off.ts";
import { decideReset, decideStart } from "./decide-start.ts";
import { reasonOf } from "./escalate.ts";

/**
 * What to do next, and why. Pure: the same state, evidence, policy, quirks and time give the same
 * answer, whenever and wherever it is asked. Every end is the goal, reached by evidence that is newer
 * than the request and not the BMC's alone, or a reason of the closed list.
 */
export function decideBoot(
  state: BootLoopState,
  evidence: BootEvidence,
  policy: BootPolicy,
  quirks: BootQuirks,
  nowMs: UnixMs,
): BootDecision {
  let turn: BootTurn = { state, evidence, policy, quirks, nowMs };
  for (let moves = 0; moves < movesMax; moves += 1) {
    const step = stepOf(turn);
    if ("action" in step) return step;
    turn = { ...turn, state: step.moved };
  }
  invariant(false, `a boot loop moves without acting, in ${turn.state.round.stage}`);
}

/** More than every approach of every protocol, refused at once. */
const movesMax = 200;

function stepOf(turn: BootTurn): BootStep {
  const { state, policy, nowMs } = turn;
  const { goal, end } = state;
  if (end !== null)
    return { action: { kind: "end", end }, rung: "R6", why: "it has ended", budget: null, state };
  if (nowMs - state.startedMs > policy.totalMs) return decideTimeOver(turn);
  const identity = decideIdentity(turn);
  if (identity !== null) return identity;
  const ready = decideReady(turn);
  if (ready !== null) return ready;
  if (goal.kind !== "off") return decideStart(turn);
  return state.round.stage === "reset" ? decideReset(turn) : decideOff(turn, goal);
}

function decideTimeOver(turn: BootTurn): BootStep {
  const { state, evidence, policy } = turn;
  const hours = policy.totalMs / 3_600_000;
  const kind = evidence.noCuts[0]?.kind;
  const reason =
    kind === "flash" ? "bmc-flash" : kind === "erase" ? "sanitize-stuck" : reasonOf(state);
  return quarantine(
    turn,
    reason,
    `not there after ${hours} h; it waited for: ${state.waitsFor ?? "its BMC"}`,
  );
}

/** Nothing is sent where another machine answers. */
function decideIdentity(turn: BootTurn): BootStep | null {
  const { state } = turn;
  const { identity } = state;
  if (identity === null || identity.verdict.kind === "same") return null;
  const { kind, agree, differ } = identity.verdict;
  const words = `${identity.protocol}: ${differ.join(", ") || "nothing"} differs, ${agree.join(", ") || "nothing"} agrees`;
  if (kind === "other") return quarantine(turn, "bmc-identity", words);
  if (kind === "changed") return quarantine(turn, "identity-changed", words);
  if (identity.tries < identityTriesMax) return null;
  return giveUp(turn, identity.protocol, `it cannot be told who answers: ${words}`);
}

const identityTriesMax = 3;

/** A BMC that does not answer, is not ready, or does not know us. */
function decideReady(turn: BootTurn): BootStep | null {
  const { state, policy, nowMs } = turn;
  const { round, abilities, health } = state;
  const open = abilities.filter(({ protocol }) => !health[protocol]?.isGivenUp);
  // A start that is under way is not the BMC's to judge: others see it.
  if (round.stage === "watch" && state.goal.kind !== "off") return null;
  if (open.length === 0) return decideSilent(turn);
  for (const { protocol } of open) {
    const now = health[protocol];
    if (now === undefined || now.row === 0) continue;
    if (now.kind === "unauthorised") {
      const isDefault = isDefaultPassword(now.detail);
      if (isDefault || now.row > loginsMax) return giveUp(turn, protocol, now.detail ?? "");
      continue;
    }
    if (nowMs - now.sinceMs <= policy.readyMs) continue;
    const isAlone = open.every(
      (one) => one.protocol === protocol || (health[one.protocol]?.row ?? 0) > 0,
    );
    if (round.stage === "reset") {
      // It does not even take a restart.
      if (nowMs - round.stageMs > policy.readyMs || !isAlone)
        return giveUp(turn, protocol, now.detail ?? "");
      continue;
    }
    const reset = isAlone ? resetStep(turn) : null;
    return reset ?? giveUp(turn, protocol, now.detail ?? "");
  }
  return null;
}

/** Refused so often, it is asked once more after the lock-out's pause, and then never again. */
const loginsMax = 3;

function decideSilent(turn: BootTurn): BootStep {
  const { state, nowMs, policy } = turn;
  const all = Object.values(state.health);
  const details = all.map(({ detail }) => detail).join("; ");
  if (all.some(({ detail }) => detail?.startsWith("it cannot be told who answers")))
    return quarantine(turn, "bmc-identity", details);
  if (all.some(({ kind, detail }) => kind === "unauthorised" && isDefaultPassword(detail)))
    return quarantine(turn, "bmc-default-password", details);
  if (all.some(({ kind }) => kind === "unauthorised"))
    return quarantine(turn, "bmc-credentials", details);
  if (all.length === 0 && nowMs - state.startedMs < policy.pollMs)
    return wait(turn, nowMs + policy.pollMs, "a BMC to ask");
  return quarantine(turn, "bmc-not-ready", details === "" ? "there is no BMC to ask" : details);
}

function isDefaultPassword(detail: string | null): boolean {
  return /password.?(must.?)?change|PasswordChangeRequired/i.test(detail ?? "");
}

function giveUp(turn: BootTurn, protocol: keyof BootLoopState["health"], detail: string): BootStep {
  const { state, nowMs } = turn;
  const health = state.health[protocol] ?? {
    row: 0,
    kind: null,
    detail: null,
    sinceMs: nowMs,
    quietUntilMs: nowMs,
    readsWanted: 0,
    isGivenUp: false,
  };
  const given = { ...health, detail, isGivenUp: true };
  const next = { ...state, identity: null, health: { ...state.health, [protocol]: given } };
  // A step that was this protocol's begins anew with another.
  const isStuck = state.round.stage === "reset";
  return { moved: isStuck ? inStage(next, "prepare", nowMs) : next };
}
