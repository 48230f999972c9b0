import type { BmcProtocol } from "./bmc-driver.ts";
import { type BootLoopState, inStage, type PowerFact } from "./boot-state.ts";
import {
  type BootDecision,
  type BootStep,
  type BootTurn,
  change,
  finish,
  freshPower,
  look,
  quarantine,
  resetBy,
  resetStep,
  speakers,
  wait,
} from "./boot-turn.ts";
import { decideArm, decideCheck } from "./decide-arm.ts";
import { decideMedia } from "./decide-media.ts";
import { escalate, exhausted, nextApproach } from "./escalate.ts";
import { goalCall, judgeStart } from "./judge-start.ts";

/** One step towards a start: from the network once, or from the host's own disk. */
export function decideStart(turn: BootTurn): BootStep {
  const { state, evidence } = turn;
  const call = goalCall(state, evidence);
  if (call !== null)
    return finish(turn, {
      kind: "reached",
      call,
      evidence: `the ${call.system} system called in with boot ${call.bootId}, never seen before and newer than the order`,
    });
  switch (state.round.stage) {
    case "prepare":
      return decidePrepare(turn);
    case "off":
    case "ac-off":
      return decideOffFirst(turn);
    case "media":
      return decideMedia(turn, nextApproach);
    case "arm":
      return decideArm(turn);
    case "check":
      return decideCheck(turn);
    case "start":
      return decideOrder(turn);
    case "watch":
      return decideWatch(turn);
    case "reset":
      return decideReset(turn);
    case "ac-cycle":
      return decideAcCycle(turn);
  }
}

/** The restart of the BMC itself, in every goal. */
export function decideReset(turn: BootTurn): BootStep {
  const protocol = resetBy(turn);
  const reset =
    protocol === null
      ? null
      : change(
          turn,
          "bmc-reset",
          { kind: "reset-bmc", protocol },
          "R4",
          "the rungs below are used up",
        );
  return reset ?? { moved: inStage(turn.state, "prepare", turn.nowMs) };
}

function decidePrepare(turn: BootTurn): BootStep {
  const { state, nowMs, policy } = turn;
  const { round } = state;
  if (round.notBeforeMs > nowMs) return wait(turn, round.notBeforeMs, "the host cools down");
  const power = powerNow(turn, null);
  if ("action" in power || "moved" in power) return power;
  const media = state.abilities.find(
    ({ protocol, insertWays }) => insertWays !== null && !state.health[protocol]?.isGivenUp,
  );
  if (round.mustEject && media === undefined)
    return { moved: { ...state, round: { ...round, mustEject: false } } };
  if (round.mustEject && media !== undefined) {
    const { slots } = state.seen;
    if (slots === null || slots.atMs < round.changesMs || nowMs - slots.atMs > policy.transitionMs)
      return look(turn, { kind: "read-slots", protocol: media.protocol }, "is a medium left over");
    const isFull = slots.slots.some(({ inserted, image }) => inserted === true || Boolean(image));
    if (!isFull) return { moved: { ...state, round: { ...round, mustEject: false } } };
  }
  // After a restart of the BMC a host may come on by itself, into its old disk: off again before all else.
  const mustGoOff = round.startBy === "off-on" || round.mustEject || round.wasOff;
  if (mustGoOff && power.fact.state === "on")
    return { moved: inStage(state, "off", nowMs, { offNoops: 0 }) };
  return { moved: inStage(state, nextAfterOff(state), nowMs) };
}

function nextAfterOff(state: BootLoopState): "media" | "arm" {
  const isMedia = state.approaches[state.round.approach]?.insertWay != null;
  return state.round.mustEject || isMedia ? "media" : "arm";
}

function decideOffFirst(turn: BootTurn): BootStep {
  const { state, policy, nowMs, quirks } = turn;
  const { round } = state;
  const power = powerNow(turn, null);
  if ("action" in power || "moved" in power) return power;
  const { fact, protocol } = power;
  const isAc = round.stage === "ac-off";
  if (fact.state === "off") {
    if (fact.count >= 2 && nowMs - fact.sinceMs >= policy.offOnMs)
      return {
        moved: inStage(state, isAc ? "ac-cycle" : nextAfterOff(state), nowMs, { wasOff: false }),
      };
    return poll(turn, fact, protocol, policy.offOnMs / 2, "that it is off, once more");
  }
  const orderedMs = Math.max(state.spentMs.off ?? 0, state.spentMs["soft-off"] ?? 0);
  if (orderedMs >= round.stageMs && nowMs - orderedMs < policy.powerSettleMs)
    return poll(turn, fact, protocol, policy.pollMs, "it was told to go off");
  if (round.offNoops >= offNoopsMax) {
    const reset = resetStep(turn);
    if (reset !== null) return reset;
    if (isAc) return { moved: inStage(state, "prepare", nowMs) };
    // What cannot be switched off can still be restarted.
    if (round.mustEject || quirks.startBy === "off-on")
      return quarantine(turn, "power-contended", "it does not stay off, or was never off");
    return {
      moved: inStage(state, nextAfterOff(state), nowMs, { startBy: "restart", wasOff: false }),
    };
  }
  const by = speakers(turn)[round.offNoops >= 2 ? 1 : 0] ?? protocol;
  const counted = withRound(turn, { offNoops: round.offNoops + 1 });
  const { mayForce } = state.goal;
  const off = change(
    counted,
    mayForce ? "off" : "soft-off",
    { kind: "set-power", protocol: by, order: mayForce ? "off" : "soft-off" },
    round.offNoops === 0 ? "R1" : round.offNoops >= 2 ? "R3" : "R2",
    "off before it is started anew",
  );
  if (off === null)
    return { moved: inStage(withRound(turn, { offNoops: offNoopsMax }).state, round.stage, nowMs) };
  // Only an order that goes out is counted, not what comes before it.
  return off.budget === null ? { ...off, state: { ...off.state, round } } : off;
}

const offNoopsMax = 3;

function decideOrder(turn: BootTurn): BootStep {
  const { state, policy, nowMs } = turn;
  const { round, goal } = state;
  const isStale = nowMs - (round.armedMs ?? 0) > policy.armValidMs;
  if (isStale && goal.kind === "imaging" && round.rearms < rearmsMax)
    return { moved: inStage(state, "arm", nowMs, { rearms: round.rearms + 1 }) };
  const power = powerNow(turn, state.round.onNoops > onNoopsBeforeOther ? 1 : null);
  if ("action" in power || "moved" in power) return power;
  const { fact, protocol } = power;
  if (fact.state === "off") {
    const on = change(
      turn,
      "on",
      { kind: "set-power", protocol, order: "on" },
      round.onNoops > onNoopsBeforeOther ? "R3" : "R1",
      "it is off, and what it starts from is set",
    );
    return on ?? quarantine(turn, "power-on-ineffective", `${state.spent.on} orders to switch on`);
  }
  const order = goal.mayForce ? "restart" : "soft-restart";
  const restart = change(
    turn,
    "restart",
    { kind: "set-power", protocol, order },
    "R1",
    "it is on, and what it starts from is set",
  );
  if (restart !== null) return restart;
  if (state.spent.restart >= policy.budgets.restart.count) return exhausted(turn);
  return { moved: inStage(state, "prepare", nowMs, { startBy: "off-on" }) };
}

/** By then the other protocol is asked to switch it on. */
export const onNoopsBeforeOther = 4;
/** A BMC so slow that an override is always old by the time of the start is started all the same. */
const rearmsMax = 2;

function decideWatch(turn: BootTurn): BootStep {
  const { state, evidence, policy, nowMs } = turn;
  const startMs = state.round.startMs ?? nowMs;
  const symptom = judgeStart(state, evidence, policy, nowMs);
  if (symptom !== null) return escalate(turn, symptom);
  const protocol = speakers(turn)[0];
  const why = "what starts now";
  if (protocol === undefined) return wait(turn, nowMs + policy.pollMs, why);
  const fact = freshPower(turn, protocol);
  const isSeen =
    evidence.requests.some(({ atMs }) => atMs > startMs) ||
    evidence.calls.some(({ atMs }) => atMs > startMs);
  const isOff = fact !== null && fact.state === "off" && fact.count >= 2 && !isSeen;
  if (isOff && nowMs - startMs > policy.powerSettleMs) return escalate(turn, "stays-off");
  if (fact === null || nowMs - fact.atMs >= policy.pollMs)
    return look(turn, { kind: "read-power", protocol }, why);
  const { progress } = state.seen;
  const everyMs = progress?.words === null ? policy.transitionMs : 2 * policy.pollMs;
  if (progress === null || nowMs - progress.atMs >= everyMs)
    return look(turn, { kind: "read-progress", protocol }, why);
  return wait(turn, nowMs + policy.pollMs, why);
}

function decideAcCycle(turn: BootTurn): BootStep {
  const { state, nowMs } = turn;
  const power = powerNow(turn, null);
  if ("action" in power || "moved" in power) return power;
  if (power.fact.state === "on") {
    if (state.spent["ac-cycle"] >= turn.policy.budgets["ac-cycle"].count)
      return quarantine(
        turn,
        "power-contended",
        "it is switched on again before its power can be cut",
      );
    return { moved: inStage(state, "ac-off", nowMs, { offNoops: 0 }) };
  }
  const cycle = change(
    turn,
    "ac-cycle",
    { kind: "set-power", protocol: power.protocol, order: "ac-cycle" },
    "R5",
    "the restart of the BMC did not help",
  );
  return cycle ?? { moved: inStage(state, "prepare", nowMs) };
}

/** A fresh word on power from whoever says one; or the step that gets it. */
function powerNow(
  turn: BootTurn,
  shift: number | null,
): BootStep | { readonly fact: PowerFact; readonly protocol: BmcProtocol } {
  const all = speakers(turn);
  const ordered = shift === null || all[shift] === undefined ? all : [all[shift]];
  for (const protocol of ordered) {
    const fact = freshPower(turn, protocol);
    if (fact === null) return look(turn, { kind: "read-power", protocol }, "is it on");
    if (fact.state !== "unknown") return { fact, protocol };
    if (turn.nowMs - fact.sinceMs < turn.policy.transitionMs)
      return poll(turn, fact, protocol, turn.policy.pollMs, `its power is ${fact.said}`);
  }
  // Unknown for minutes, by everyone who may be asked.
  return (
    resetStep(turn) ?? quarantine(turn, "bmc-not-ready", "nobody can say whether the host is on")
  );
}

function poll(
  turn: BootTurn,
  fact: PowerFact,
  protocol: BmcProtocol,
  everyMs: number,
  why: string,
): BootDecision {
  if (turn.nowMs - fact.atMs >= everyMs) return look(turn, { kind: "read-power", protocol }, why);
  return wait(turn, fact.atMs + everyMs, why);
}

function withRound(turn: BootTurn, more: Partial<BootLoopState["round"]>): BootTurn {
  return { ...turn, state: { ...turn.state, round: { ...turn.state.round, ...more } } };
}
