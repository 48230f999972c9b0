import type { QuarantineReason } from "#fleet/lifecycle/quarantine-reasons.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { BootLesson, BootLoopState, BootRound } from "./boot-state.ts";
import { inStage } from "./boot-state.ts";
import {
  type BootStep,
  type BootTurn,
  look,
  quarantine,
  resetStep,
  speakers,
} from "./boot-turn.ts";
import type { BootSymptom } from "./judge-start.ts";

/** The next rung after a start that went wrong. */
export function escalate(turn: BootTurn, symptom: BootSymptom): BootStep {
  const { state } = turn;
  const n = (state.symptoms[symptom] ?? 0) + 1;
  if (symptom === "elsewhere" && state.goal.kind === "imaging") {
    const reverted = judgeRevert(turn);
    if (reverted !== null) return reverted;
  }
  const counted = count(turn, symptom, n);
  const { round, goal } = counted.state;
  const again = (more: Partial<BootRound> = {}): BootStep => newRound(counted, more);
  const cold = (): BootStep => again({ startBy: "off-on" });
  switch (symptom) {
    case "dead":
    case "not-restarted":
      return decideDead(
        counted,
        (state.symptoms.dead ?? 0) + (state.symptoms["not-restarted"] ?? 0) + 1,
      );
    case "stays-off":
      return decideStaysOff(counted, n);
    case "elsewhere":
      if (goal.kind === "installed")
        return n === 1
          ? cold()
          : quarantine(
              counted,
              "no-first-boot",
              "another system started than the one that was written",
            );
      return round.tries === 0 ? again({ tries: 1 }) : nextApproach(counted);
    case "wrong-mode":
      return n === 1 ? again() : nextApproach(counted);
    case "wrong-nic":
      return n <= 2
        ? again()
        : quarantine(counted, "boot-nic", "it starts from a port that is not planned");
    case "dhcp-only":
      return n <= 3
        ? again()
        : toMedia(counted, "netboot-refused", "it asks for an address and goes no further");
    case "second-stage":
      return decideLoader(counted);
    case "imaging-silent":
      return n <= 2
        ? cold()
        : quarantine(counted, "no-boot-progress", "it fetched the imaging OS, which never called");
    case "media-not-fetched":
      return nextApproach(counted);
    case "imaging-again":
      if (n <= 2) return again({ startBy: "off-on", mustEject: true });
      return quarantine(
        counted,
        counted.state.seen.slots?.slots.some(({ inserted }) => inserted === true)
          ? "media-stuck"
          : "boot-device-unstable",
        "it starts the imaging OS again and again, with every override taken out",
      );
    case "no-call":
      return n === 1
        ? cold()
        : quarantine(counted, "no-first-boot", "the new system did not call in, twice");
  }
}

/** The next form of the wish; after the last, the end of the ladder. */
export function nextApproach(turn: BootTurn): BootStep {
  const { state } = turn;
  const next = state.round.approach + 1;
  if (next >= state.approaches.length) return exhausted(turn);
  return newRound(turn, { approach: next, tries: 0 });
}

/** Every form was tried: the BMC is restarted, and all are tried once more; then nothing is left. */
export function exhausted(turn: BootTurn): BootStep {
  const { state, nowMs } = turn;
  if (state.round.pass === 0) {
    const more = { approach: 0, tries: 0, pass: 1 } as const;
    return viaReset(turn, more) ?? newRound(turn, more);
  }
  const words = `every form of the wish was tried, ${state.spent.arm + state.spent.disarm} times in all`;
  if (state.goal.kind === "installed")
    return quarantine(turn, "boot-device-unstable", `an override stays: ${words}`);
  if (state.last?.isUnknownAttribute && state.firstStartMs === null)
    return quarantine(turn, "unknown-class", `the BMC knows none of the names: ${words}`);
  return quarantine(turn, reasonOf(state), `${words}, by ${nowMs - state.startedMs} ms`);
}

/** What a loop stands for that ends now, by what it saw last. */
export function reasonOf(state: BootLoopState): QuarantineReason {
  const { goal, lastSymptom } = state;
  if (goal.kind === "off") return "not-fenced";
  if (goal.kind === "installed") return "no-first-boot";
  if (lastSymptom === "dead" || lastSymptom === "not-restarted") return "no-boot-progress";
  if (lastSymptom === "imaging-silent") return "no-boot-progress";
  if (lastSymptom === "stays-off") return "power-on-ineffective";
  if (lastSymptom === "wrong-nic") return "boot-nic";
  return lastSymptom === "second-stage" ? "boot-driver" : "netboot-refused";
}

/** Cold starts, then the BMC, then the power: each once it is its turn, none twice. */
function decideDead(turn: BootTurn, n: number): BootStep {
  const { state, policy, nowMs } = turn;
  if (n <= 2)
    return newRound(turn, { startBy: "off-on", notBeforeMs: unixMs(nowMs + policy.coolDownMs) });
  const reset = n === 3 ? viaReset(turn, { startBy: "off-on" }) : null;
  if (reset !== null) return reset;
  if (n <= 4 && policy.mayCutAc && state.spent["ac-cycle"] === 0 && isOffered(turn))
    return newRound(turn, { startBy: "off-on", offNoops: 0 }, "ac-off");
  if (n === 3) return newRound(turn, { startBy: "off-on" });
  const isStopped = /quiesce/i.test(state.seen.progress?.words ?? "");
  const isCold = state.firstDeadOrder === "on";
  const words = `${n} starts without a sign of life`;
  return quarantine(turn, isStopped || isCold ? "no-post" : "no-boot-progress", words);
}

function decideStaysOff(turn: BootTurn, n: number): BootStep {
  const { state, policy } = turn;
  const onNoops = state.round.startOrder === "on" ? state.round.onNoops + 1 : state.round.onNoops;
  const other = speakers(turn).length > 1;
  if (onNoops > (other ? 7 : 5) || n > 10)
    return quarantine(
      turn,
      "power-on-ineffective",
      `${state.spent.on} orders to switch on were accepted`,
    );
  if (onNoops === 4) {
    const counted = { ...turn, state: { ...state, round: { ...state.round, onNoops } } };
    if (policy.mayCutAc && state.spent["ac-cycle"] === 0 && isOffered(turn))
      return newRound(counted, { offNoops: 0 }, "ac-off");
    const reset = viaReset(turn, { onNoops });
    if (reset !== null) return reset;
  }
  return newRound(turn, { onNoops });
}

function isOffered(turn: BootTurn): boolean {
  const { unoffered } = turn.state;
  return speakers(turn).some((protocol) => !unoffered.includes(`${protocol} ac-cycle`));
}

function decideLoader(turn: BootTurn): BootStep {
  const { state, policy } = turn;
  const loaders = state.goal.kind === "imaging" ? state.goal.loaders : [];
  const next = loaders[loaders.indexOf(state.loader ?? "") + 1];
  if (next === undefined || state.spent.loader >= policy.budgets.loader.count)
    return toMedia(
      turn,
      "boot-driver",
      "what the first file starts has no network, with every loader",
    );
  const moved = newRound(turn, {});
  if (!("moved" in moved)) return moved;
  return {
    action: { kind: "use-loader", loader: next },
    rung: "R2",
    why: "the first file was fetched, and nothing after it",
    budget: "loader",
    state: {
      ...moved.moved,
      loader: next,
      spent: { ...state.spent, loader: state.spent.loader + 1 },
    },
  };
}

function toMedia(turn: BootTurn, reason: QuarantineReason, words: string): BootStep {
  const { approaches, round } = turn.state;
  const media = approaches.findIndex(
    ({ insertWay }, at) => insertWay !== null && at > round.approach,
  );
  if (media < 0) return quarantine(turn, reason, words);
  return newRound(turn, { approach: media, tries: 0 });
}

/** A device that was set, held, and is another one after the start: three times is no accident. */
function judgeRevert(turn: BootTurn): BootStep | null {
  const { state } = turn;
  const approach = state.approaches[state.round.approach];
  const startMs = state.round.startMs;
  if (approach === undefined || startMs === null) return null;
  if (state.health[approach.protocol]?.isGivenUp || (state.health[approach.protocol]?.row ?? 0) > 0)
    return null;
  const sight = state.seen.boot[approach.protocol];
  if (sight === undefined || sight.atMs <= startMs)
    return look(
      turn,
      { kind: "read-boot", protocol: approach.protocol },
      "is the wish still there",
    );
  const isOther =
    sight.enabled === "continuous" &&
    !["none", "unknown", "other", approach.device].includes(sight.device);
  if (!isOther) return null;
  const reverts = state.reverts + 1;
  if (reverts >= revertsMax)
    return quarantine(
      turn,
      "boot-device-unstable",
      `its firmware puts ${sight.said} back at every start`,
    );
  return newRound({ ...turn, state: { ...state, reverts, lastSymptom: "elsewhere" } }, {});
}

const revertsMax = 3;

function viaReset(turn: BootTurn, more: Partial<BootRound>): BootStep | null {
  const reset = resetStep(turn);
  if (reset === null || !("moved" in reset)) return null;
  return newRound({ ...turn, state: reset.moved }, more, "reset");
}

function newRound(
  turn: BootTurn,
  more: Partial<BootRound>,
  stage: BootRound["stage"] = "prepare",
): { readonly moved: BootLoopState } {
  const cleared = { armedMs: null, insertedMs: null, startMs: null, startOrder: null, rearms: 0 };
  return { moved: inStage(turn.state, stage, turn.nowMs, { ...cleared, ...more }) };
}

function count(turn: BootTurn, symptom: BootSymptom, n: number): BootTurn {
  const { state } = turn;
  const approach = state.approaches[state.round.approach];
  const isWish = ["elsewhere", "wrong-mode"].includes(symptom) && approach?.insertWay === null;
  const lesson: readonly BootLesson[] =
    isWish && state.goal.kind === "imaging"
      ? [{ protocol: approach.protocol, way: approach.way, hasWorked: false }]
      : [];
  return {
    ...turn,
    state: {
      ...state,
      symptoms: { ...state.symptoms, [symptom]: n },
      lastSymptom: symptom,
      firstDeadOrder:
        symptom === "dead"
          ? (state.firstDeadOrder ?? state.round.startOrder)
          : state.firstDeadOrder,
      lessons: [...state.lessons, ...lesson].slice(-lessonsMax),
    },
  };
}

const lessonsMax = 32;
