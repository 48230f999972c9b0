import { type Clock, sleep } from "#proto/vocabulary/clock.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { fail } from "#proto/vocabulary/result.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { BmcDriver } from "./bmc-driver.ts";
import { type BootChange, type BootJournalEntry, type BootLook, isChange } from "./boot-action.ts";
import type { BootEvidence } from "./boot-evidence.ts";
import type { BootGoal } from "./boot-goal.ts";
import type { BootPolicy } from "./boot-policy.ts";
import type { BootQuirks } from "./boot-quirks.ts";
import {
  type BootLoopState,
  createBootState,
  goalWords,
  type ProtocolAbility,
} from "./boot-state.ts";
import type { BootDecision } from "./boot-turn.ts";
import type { BootWitness } from "./boot-witness.ts";
import { callDriver } from "./call-driver.ts";
import { decideBoot } from "./decide-boot.ts";
import { type BootAnswer, noteAnswer, noteLost } from "./note-answer.ts";
import { orderApproaches } from "./order-approaches.ts";

/** Where a loop keeps what must outlive the manager. */
export interface BootJournal {
  /**
   * The state, and the rung that was taken where one was; kept before this resolves. It is called before
   * a change is sent, so that what was spent stays spent, and after its answer.
   */
  keep(state: BootLoopState, entry: BootJournalEntry | null): Promise<void>;
}

export interface BootLoopPorts {
  readonly clock: Clock;
  /** All of one host, each in its own protocol; called one at a time. */
  readonly drivers: readonly BmcDriver[];
  readonly witness: BootWitness;
  /** What is known of the host beside its BMC and the boot network, now. */
  outside(): Omit<BootEvidence, "requests" | "calls">;
  /** The boot service hands this first-stage program out from now on, to this host alone. */
  handOut(loader: string): Promise<void>;
  readonly journal: BootJournal;
}

/** A loop that begins now. */
export function beginBootLoop(
  goal: BootGoal,
  drivers: readonly BmcDriver[],
  quirks: BootQuirks,
  nowMs: UnixMs,
): BootLoopState {
  const abilities = drivers.map(abilityOf);
  const approaches = orderApproaches(goal, abilities, quirks);
  return createBootState(goal, abilities, approaches, quirks.startBy, nowMs);
}

/**
 * Carries a loop on until its end, from wherever its state stands; also after a restart of the manager.
 * Resolves with a state whose `end` is set, or, once the signal is aborted, with the last that was kept.
 * Throws what the journal or the boot service throws.
 */
export async function runBootLoop(
  ports: BootLoopPorts,
  hostId: HostId,
  from: BootLoopState,
  policy: BootPolicy,
  quirks: BootQuirks,
  signal: AbortSignal,
): Promise<BootLoopState> {
  const { clock, journal } = ports;
  let state = noteLost(from, policy, clock.nowUnixMs());
  while (!signal.aborted && state.end === null) {
    const nowMs = clock.nowUnixMs();
    const evidence = gather(ports, hostId, state);
    const decision = decideBoot(state, evidence, policy, quirks, nowMs);
    const { action } = decision;
    const isNewWait = action.kind === "wait" && decision.state.waitsFor !== state.waitsFor;
    state = decision.state;
    if (action.kind === "wait") {
      if (isNewWait) await journal.keep(state, entryOf(decision, evidence, policy, nowMs, null));
      await sleep(clock, action.untilMs - nowMs, signal).catch(() => {});
    } else if (action.kind === "end") {
      state = withLesson(state);
      await journal.keep(state, entryOf(decision, evidence, policy, nowMs, null));
    } else if (action.kind === "use-loader") {
      await journal.keep(state, entryOf(decision, evidence, policy, nowMs, null));
      await ports.handOut(action.loader);
    } else {
      if (isChange(action)) await journal.keep(state, null);
      // Aborted while it was kept: it was never sent, and counts as not known.
      if (signal.aborted) break;
      const answer = await perform(ports, action, policy, signal);
      state = noteAnswer(state, action, answer, policy, nowMs, clock.nowUnixMs());
      if (isChange(action))
        await journal.keep(state, entryOf({ ...decision, state }, evidence, policy, nowMs, answer));
    }
  }
  return state;
}

function perform(
  { clock, drivers }: BootLoopPorts,
  action: BootLook | BootChange,
  policy: BootPolicy,
  signal: AbortSignal,
): Promise<BootAnswer> {
  const driver = drivers.find(({ protocol }) => protocol === action.protocol);
  if (driver === undefined) {
    const detail = `there is no driver for ${action.protocol} any more`;
    const blank = { code: null, messageIds: [], retryAfterMs: null };
    return Promise.resolve(fail({ kind: "unanswered", detail, ...blank }));
  }
  const limitMs = isChange(action) ? policy.changeCallMs : policy.readCallMs;
  return callDriver(driver, action, clock, limitMs, signal);
}

function gather(ports: BootLoopPorts, hostId: HostId, state: BootLoopState): BootEvidence {
  const { witness } = ports;
  return {
    ...ports.outside(),
    requests: witness.requests(hostId, state.startedMs),
    calls: witness.calls(hostId, state.startedMs),
  };
}

function abilityOf({ protocol, bootWays, media, tasks }: BmcDriver): ProtocolAbility {
  return {
    protocol,
    bootWays,
    insertWays: media?.insertWays ?? null,
    ejectWays: media?.ejectWays ?? [],
    hasJobs: tasks !== null,
  };
}

/** The form of the wish that brought it up is worth knowing for the next of its class. */
function withLesson(state: BootLoopState): BootLoopState {
  const approach = state.approaches[state.round.approach];
  const isLearnt = state.end?.kind === "reached" && state.goal.kind === "imaging";
  if (!isLearnt || approach === undefined || approach.insertWay !== null) return state;
  const { protocol, way } = approach;
  return { ...state, lessons: [...state.lessons, { protocol, way, hasWorked: true }] };
}

function entryOf(
  { action, rung, why, budget, state }: BootDecision,
  evidence: BootEvidence,
  policy: BootPolicy,
  nowMs: UnixMs,
  answer: BootAnswer | null,
): BootJournalEntry {
  const newest = newestSight(state, evidence);
  const left = budget === null ? 0 : policy.budgets[budget].count - state.spent[budget];
  return {
    atMs: nowMs,
    wish: goalWords(state.goal),
    action,
    rung,
    why,
    answer: answer === null ? null : answerWords(answer),
    evidence: newest?.words ?? null,
    evidenceAgeMs: newest === null ? null : Math.max(0, nowMs - newest.atMs),
    budget: budget === null ? null : { name: budget, left },
  };
}

function answerWords(answer: BootAnswer): string {
  return answer.ok ? "taken" : `${answer.problem.kind}: ${answer.problem.detail}`;
}

function newestSight(
  state: BootLoopState,
  evidence: BootEvidence,
): { readonly words: string; readonly atMs: number } | null {
  const request = evidence.requests.at(-1);
  const call = evidence.calls.at(-1);
  const sights = [
    ...Object.entries(state.seen.power).map(([protocol, { said, atMs }]) => ({
      words: `${protocol} says power ${said}`,
      atMs,
    })),
    ...Object.entries(state.seen.boot).map(([protocol, { said, atMs }]) => ({
      words: `${protocol} says boot ${said}`,
      atMs,
    })),
    ...(request
      ? [{ words: `it asked the boot network: ${request.what}`, atMs: request.atMs }]
      : []),
    ...(call ? [{ words: `the ${call.system} system called`, atMs: call.atMs }] : []),
    ...(evidence.heardMs ? [{ words: "its agent was heard", atMs: evidence.heardMs }] : []),
  ];
  return sights.toSorted((left, right) => right.atMs - left.atMs)[0] ?? null;
}
