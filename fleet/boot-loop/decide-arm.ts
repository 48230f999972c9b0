import type { BootApproach } from "./order-approaches.ts";
import { type BootLoopState, inStage } from "./boot-state.ts";
import {
  type BootStep,
  type BootTurn,
  change,
  look,
  quarantine,
  resetStep,
  wait,
} from "./boot-turn.ts";
import type { BootSight, BootWish } from "./boot-wish.ts";
import { exhausted, nextApproach } from "./escalate.ts";

/** Says the wish, in this round's form: device and mode together, always. */
export function decideArm(turn: BootTurn): BootStep {
  const { state } = turn;
  const approach = state.approaches[state.round.approach];
  if (approach === undefined) return exhausted(turn);
  if (state.health[approach.protocol]?.isGivenUp) return nextApproach(turn);
  const jobs = decideJobs(turn, approach);
  if (jobs !== null) return jobs;
  const { goal, round } = state;
  const set = change(
    turn,
    goal.kind === "imaging" ? "arm" : "disarm",
    {
      kind: "set-boot",
      protocol: approach.protocol,
      wish: wishOf(state, approach),
      way: approach.way,
    },
    round.approach === 0 ? "R1" : approach.protocol === state.approaches[0]?.protocol ? "R2" : "R3",
    goal.kind === "imaging" ? "set before every start" : "no override may be left",
  );
  return set ?? exhausted(turn);
}

/** Reads back what the BMC took, also after an error: it may have been stored all the same. */
export function decideCheck(turn: BootTurn): BootStep {
  const { state, policy, nowMs, quirks } = turn;
  const { round, goal, last } = state;
  const approach = state.approaches[round.approach];
  if (approach === undefined || round.armedMs === null)
    return { moved: inStage(state, "arm", nowMs) };
  const isUnknown = last?.answer === "unanswered";
  // What was not answered may be done late.
  const dueMs = round.armedMs + (isUnknown ? 10 : 1) * policy.settleMs;
  if (nowMs < dueMs) return wait(turn, dueMs, "the wish settles before it is read back");
  const sight = state.seen.boot[approach.protocol];
  if (sight === undefined || sight.atMs < dueMs)
    return look(
      turn,
      { kind: "read-boot", protocol: approach.protocol },
      "what the BMC took of the wish",
    );
  const verdict = judgeBoot(sight, wishOf(state, approach), approach);
  const isTaken = last?.action.kind === "set-boot" && last.answer === "accepted";
  const start: BootStep = { moved: inStage(state, "start", nowMs) };
  if (verdict === "holds") return start;
  if (verdict === "unreadable" && (isTaken || isUnknown)) return start;
  const mayTry = goal.kind === "imaging" && (round.pass === 1 || quirks.isOrderUnreadable);
  if (verdict === "contradicts" && isTaken && mayTry) return start;
  if (isUnknown && round.tries === 0) return { moved: inStage(state, "arm", nowMs, { tries: 1 }) };
  return nextApproach(turn);
}

/** `unreadable`: the BMC does not say, and what boots decides. */
export function judgeBoot(
  sight: BootSight,
  wish: BootWish,
  { way }: Pick<BootApproach, "way">,
): "holds" | "contradicts" | "unreadable" {
  if (wish.device === "none") {
    if (sight.enabled === "disabled" || sight.device === "none") return "holds";
    return sight.enabled === "unknown" && sight.device === "unknown" ? "unreadable" : "contradicts";
  }
  // Said by other properties than those that name a device.
  if (way === "boot-next" || way === "boot-order" || way === "uefi-target") return "unreadable";
  if (sight.device === "unknown" || sight.enabled === "unknown") return "unreadable";
  if (sight.device !== wish.device || sight.enabled === "disabled") return "contradicts";
  return sight.mode !== "unknown" && sight.mode !== wish.mode ? "contradicts" : "holds";
}

export function wishOf({ goal }: BootLoopState, { device }: BootApproach): BootWish {
  const isImaging = goal.kind === "imaging";
  return {
    device,
    mode: goal.kind === "off" ? "uefi" : goal.mode,
    isOnce: isImaging,
    uefiTarget: isImaging && device !== "media" ? goal.uefiTarget : null,
    httpUri: isImaging && device === "http" ? goal.httpUri : null,
  };
}

/** An old job of the BMC in the way: clear, list, clear by force, restart of the BMC. */
function decideJobs(turn: BootTurn, { protocol }: BootApproach): BootStep | null {
  const { state } = turn;
  const ability = state.abilities.find((one) => one.protocol === protocol);
  if (!ability?.hasJobs || !state.last?.isJobInTheWay) return null;
  const { jobs } = state.seen;
  if (jobs === null || jobs.atMs < state.round.changesMs)
    return look(turn, { kind: "list-jobs", protocol }, "a job is in the way");
  const cleared = state.spent["clear-jobs"];
  if (jobs.count === 0) return null;
  if (cleared >= 2 && state.spent["bmc-reset"] === 0) {
    const reset = resetStep(turn);
    if (reset !== null) return reset;
  }
  const clear = change(
    turn,
    "clear-jobs",
    { kind: "clear-jobs", protocol, isForced: cleared % 2 === 1 },
    cleared === 0 ? "R1" : "R2",
    `${jobs.count} jobs are in the way`,
  );
  return (
    clear ??
    quarantine(
      turn,
      "job-queue-stuck",
      `${jobs.count} jobs stay after ${cleared} tries to clear them`,
    )
  );
}
