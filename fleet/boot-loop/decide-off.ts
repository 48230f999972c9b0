import type { OffGoal } from "./boot-goal.ts";
import { type BootLoopState, inStage } from "./boot-state.ts";
import {
  type BootStep,
  type BootTurn,
  change,
  finish,
  look,
  quarantine,
  resetStep,
  speakers,
  wait,
} from "./boot-turn.ts";
import { judgeFence, requestOf } from "./judge-fence.ts";

/** One step towards a host that is off and stays off, proven for a fence. */
export function decideOff(turn: BootTurn, goal: OffGoal): BootStep {
  const { state, evidence, policy, nowMs } = turn;
  const fence = judgeFence(state, goal, evidence, policy, nowMs);
  if (fence.isProven)
    return finish(turn, {
      kind: "reached",
      call: null,
      evidence: `off by ${fence.sides.join(", ")}; nobody says otherwise`,
    });
  const asked = speakers(turn);
  const first = asked[0];
  if (first === undefined) return quarantine(turn, "not-fenced", "no BMC answers");

  // Every protocol is asked: one that says on is the one that counts.
  for (const protocol of asked) {
    const fact = state.seen.power[protocol];
    if (fact === undefined || nowMs - fact.atMs >= policy.pollMs)
      return look(turn, { kind: "read-power", protocol }, "is it off");
  }
  const watts = state.seen.watts.at(-1);
  if (goal.standbyMaxMilliwatts !== null && (!watts || nowMs - watts.atMs >= 2 * policy.pollMs))
    return look(turn, { kind: "read-watts", protocol: first }, "what it draws");

  const facts = asked.map((protocol) => state.seen.power[protocol]);
  const isOn = facts.some((fact) => fact?.state === "on");
  const isUnknown = facts.every((fact) => fact?.state === "unknown");
  const sinceMs = nowMs - requestOf(state);
  const hardMs = state.spentMs.off;
  const softMs = state.spentMs["soft-off"];
  const missing = `the proof that it is off: ${fence.missing}`;
  if (isOn && hardMs === undefined && goal.graceMs > 0) {
    if (softMs !== undefined && nowMs - softMs < goal.graceMs)
      return wait(
        turn,
        softMs + goal.graceMs,
        "its system was asked to stop, and has its time for that",
      );
    if (softMs === undefined && !state.unoffered.includes(`${first} soft-off`)) {
      const soft = change(
        turn,
        "soft-off",
        { kind: "set-power", protocol: first, order: "soft-off" },
        "R1",
        "its system may stop by itself",
      );
      if (soft !== null) return soft;
    }
  }
  // An order just given is not visible at once; a state in between has its time too.
  const patienceMs = isUnknown ? policy.transitionMs : policy.powerSettleMs + 2 * policy.pollMs;
  const hasOrdered = hardMs !== undefined || softMs !== undefined || !isOn;
  if (hasOrdered && sinceMs < patienceMs && (hardMs !== undefined || !isOn))
    return wait(turn, nowMs + policy.pollMs, missing);
  if (!goal.mayForce && goal.graceMs === 0 && softMs === undefined && isOn) {
    const soft = change(
      turn,
      "soft-off",
      { kind: "set-power", protocol: first, order: "soft-off" },
      "R1",
      "its system may stop by itself",
    );
    if (soft !== null) return soft;
  }
  if (!goal.mayForce) {
    if (softMs !== undefined && nowMs - softMs < Math.max(goal.graceMs, policy.powerSettleMs))
      return wait(turn, nowMs + policy.pollMs, missing);
    return quarantine(turn, "not-fenced", `${fence.missing}; the plan does not allow force`);
  }
  return force(turn, asked, isOn || fence.against.length > 0, fence.missing);
}

/** Hard orders, in each protocol; then the BMC is restarted, and its word and the power are read anew. */
function force(
  turn: BootTurn,
  asked: readonly BootLoopState["abilities"][number]["protocol"][],
  isContradicted: boolean,
  missing: string,
): BootStep {
  const { state, nowMs } = turn;
  const { round } = state;
  if (isContradicted && round.offNoops < ordersPerTurn) {
    const protocol = asked[round.offNoops % asked.length] ?? asked[0];
    if (protocol !== undefined) {
      const off = change(
        { ...turn, state: { ...state, round: { ...round, offNoops: round.offNoops + 1 } } },
        "off",
        { kind: "set-power", protocol, order: "off" },
        round.offNoops === 0 ? "R1" : "R3",
        missing,
      );
      if (off !== null)
        return off.budget === null ? { ...off, state: { ...off.state, round } } : off;
      if (round.offNoops + 1 < ordersPerTurn)
        return { moved: { ...state, round: { ...round, offNoops: round.offNoops + 1 } } };
    }
  }
  if (state.spent["bmc-reset"] === 0) {
    const reset = resetStep(turn);
    if (reset !== null && "moved" in reset)
      return { moved: inStage(reset.moved, "reset", nowMs, { offNoops: 0 }) };
  }
  const words = state.spent.off > 2 * ordersPerTurn ? "it comes on again and again" : missing;
  return quarantine(
    turn,
    state.spent.off > 2 * ordersPerTurn ? "power-contended" : "not-fenced",
    words,
  );
}

const ordersPerTurn = 3;
