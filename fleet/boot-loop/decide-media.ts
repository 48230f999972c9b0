import type { MediaSlot } from "./bmc-driver.ts";
import {
  type BootStep,
  type BootTurn,
  change,
  look,
  quarantine,
  resetStep,
  wait,
} from "./boot-turn.ts";
import { type BootLoopState, inStage } from "./boot-state.ts";

/**
 * Out with what is in, always: what a BMC says is inserted may long be gone, and what it says is
 * ejected may still be there. Then in with ours, where this approach starts from a medium.
 */
export function decideMedia(turn: BootTurn, failed: (turn: BootTurn) => BootStep): BootStep {
  const { state, policy, nowMs } = turn;
  const { round, goal } = state;
  const approach = state.approaches[round.approach];
  const ability =
    approach?.insertWay != null
      ? state.abilities.find(({ protocol }) => protocol === approach.protocol)
      : state.abilities.find(
          ({ protocol, insertWays }) =>
            insertWays !== null && state.health[protocol]?.isGivenUp !== true,
        );
  const done = (more: Partial<BootLoopState["round"]> = {}): BootStep => ({
    moved: inStage(state, "arm", nowMs, { ...more, mustEject: false }),
  });
  if (ability === undefined || ability.insertWays === null) return done();
  const { protocol, ejectWays } = ability;
  const { slots } = state.seen;
  if (slots === null || slots.atMs < round.changesMs + policy.settleMs)
    return nowMs < round.changesMs + policy.settleMs
      ? wait(turn, round.changesMs + policy.settleMs, "the change of a medium settles")
      : look(turn, { kind: "read-slots", protocol }, "what is inserted");

  const full = slots.slots.find(isFull);
  if (round.insertedMs === null && full !== undefined) {
    const way = ejectWays[state.spent.eject % Math.max(1, ejectWays.length)];
    const isWorn = state.spent.eject > 2 * ejectWays.length && state.spent["bmc-reset"] === 0;
    const reset = isWorn ? resetStep(turn) : null;
    if (reset !== null) return reset;
    const eject =
      way === undefined
        ? null
        : change(
            turn,
            "eject",
            { kind: "eject", protocol, slot: full.slot, way },
            state.spent.eject === 0 ? "R1" : "R2",
            `${full.slot} is not empty`,
          );
    return (
      eject ??
      quarantine(
        turn,
        "media-stuck",
        `${full.slot} stays full after ${state.spent.eject} tries to eject it`,
      )
    );
  }
  if (approach?.insertWay == null || goal.kind !== "imaging" || goal.mediaUrl === null)
    return done();
  if (round.insertedMs !== null) {
    // No word of it is no disproof: what is fetched decides.
    const isThere = slots.slots.some((slot) => isFull(slot) || slot.inserted === null);
    return isThere ? done() : failed(turn);
  }
  const open = slots.slots.filter(({ mayInsert }) => mayInsert);
  const slot = open[state.spent.insert % Math.max(1, open.length)];
  if (slot === undefined) return failed(turn);
  const insert = change(
    turn,
    "insert",
    { kind: "insert", protocol, slot: slot.slot, url: goal.mediaUrl, way: approach.insertWay },
    "R3",
    "the network did not bring it up: a virtual medium",
  );
  return insert ?? failed(turn);
}

function isFull({ inserted, image }: MediaSlot): boolean {
  return inserted === true || (image !== null && image !== "");
}
