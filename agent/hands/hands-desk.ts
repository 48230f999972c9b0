import { type HoldNotice, holdWords } from "#agent/commands/hold-file.ts";
import { type ControlAnswer, type HostControl, isThere } from "#agent/commands/host-control.ts";
import { notConfigured } from "#agent/commands/live-host-control.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import { handsLimits } from "./hands-limits.ts";
import type { HandsSettings } from "./hands-settings.ts";
import type { HandsState, HandsStateFile } from "./hands-state.ts";
import { type HandsOrder, parseHandsQuestion } from "./question.ts";
import type { Lock } from "./take-lock.ts";

export type HandsAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: { readonly kind: "refused"; readonly detail: string } };

/** Moments between two steps of an order: a test ends the process there. */
export const handsFailPoints = ["hands-asked", "hands-noted", "hands-acted", "hands-done"] as const;
export type HandsFailPoint = (typeof handsFailPoints)[number];

export interface HandsDeskParts {
  /** Read anew for each question. Throws with the reason. */
  readonly settings: () => HandsSettings;
  readonly state: HandsStateFile;
  readonly readHold: () => HoldNotice | null;
  readonly takeLock: () => Promise<Result<Lock, string>>;
  /** Over what root's settings allow, and nothing else. */
  readonly controls: (settings: HandsSettings) => HandsControls;
  readonly failPoint: (name: HandsFailPoint) => void;
  /** One line for each order, for root's journal. */
  readonly log: (line: string) => void;
}

export interface HandsControls {
  readonly units: HostControl;
  readonly hooks: HostControl;
}

/**
 * Answers one question of an agent that is taken for hostile: what may be acted on comes from root's
 * file, what may be started again from the helper's own memory. Aborting ends hooks that evacuate.
 * Never rejects.
 */
export async function answerQuestion(
  value: unknown,
  parts: HandsDeskParts,
  signal: AbortSignal,
): Promise<HandsAnswer> {
  const parsed = parseHandsQuestion(value);
  if (!parsed.ok) return refused(parsed.problem);
  const question = parsed.value;
  try {
    parts.failPoint("hands-asked");
    const settings = parts.settings();
    const controls = parts.controls(settings);
    if (question.kind === "look") {
      if (settings.may.includes("hooks")) return { ok: true, value: await controls.hooks.look() };
      return refused(notConfigured("hooks"));
    }
    const answer = await carryOut(question, settings, controls, parts, signal);
    const words = answer.ok ? "done" : `refused: ${answer.problem.detail}`;
    const { kind, epoch, operationId } = question;
    parts.log(`${kind} at epoch ${epoch} of operation ${operationId}: ${words}`);
    return answer;
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
}

async function carryOut(
  order: HandsOrder,
  settings: HandsSettings,
  controls: HandsControls,
  parts: HandsDeskParts,
  signal: AbortSignal,
): Promise<HandsAnswer> {
  if (order.kind === "reboot") {
    if (!settings.may.includes("reboot")) return refused(notConfigured("reboot"));
  } else if (!settings.may.includes("units") && !settings.may.includes("hooks")) {
    return refused(notConfigured("units"));
  }
  const seen = order.kind === "evacuate" ? await seenOf(order.workloads, controls) : [];
  const lock = await parts.takeLock();
  if (!lock.ok) return refused(lock.problem);
  let answer: ControlAnswer;
  try {
    // Whoever left has perhaps asked for the opposite since, which was done while this one waited.
    if (signal.aborted) return refused("whoever asked has left");
    const before = stateFor(order, parts.state.read());
    const why = whyNot(order, before.state, before.isOthers) ?? whyHeld(order, parts.readHold());
    if (why !== null) return refused(why);
    const epoch = before.isOthers ? 0 : Math.max(before.state.epoch, order.epoch);
    const stopped = [...new Set([...before.state.stopped, ...seen])].slice(
      0,
      handsLimits.stoppedMax,
    );
    const noted: HandsState = { ...before.state, epoch, stopped };
    parts.state.write(noted);
    parts.failPoint("hands-noted");
    answer = await act(order, before.isOthers ? [] : stopped, controls, seen);
    parts.failPoint("hands-acted");
    if (answer.problems.length === 0) parts.state.write(afterwards(order, noted));
    parts.failPoint("hands-done");
  } finally {
    lock.value.release();
  }
  if (order.kind !== "evacuate") return { ok: true, value: answer };
  // A hook may take as long as the grace: others get their turn meanwhile.
  const unknown = whyUnknown(order.workloads, seen);
  const hooks = await controls.hooks.evacuate({ ...order, workloads: seen }, signal);
  return { ok: true, value: { problems: [...unknown, ...answer.problems, ...hooks.problems] } };
}

/** Of what was named, what this host's own adapters see at work. */
async function seenOf(
  names: readonly string[],
  { units, hooks }: HandsControls,
): Promise<readonly string[]> {
  const sights = await Promise.all([units.look(), hooks.look()]);
  const there = new Set(
    sights.flatMap(({ workloads }) => workloads.filter(isThere).map(({ name }) => name)),
  );
  return names.filter((name) => there.has(name));
}

/** Nothing of what was named is known here: two settings files, or an asker that makes names up. */
function whyUnknown(names: readonly string[], seen: readonly string[]): readonly string[] {
  const [first] = names;
  if (first === undefined || seen.length > 0) return [];
  const adapter = first.slice(0, Math.max(0, first.indexOf(":")));
  return [`${adapter}: root's helper sees none of it at work by [drain] of its agent.toml`];
}

/** Its own memory of that identity; another identity begins with none. */
function stateFor(
  { hostId, generation }: HandsOrder,
  state: HandsState | null,
): { readonly state: HandsState; readonly isOthers: boolean } {
  const fresh: HandsState = {
    format: 1,
    hostId,
    generation,
    epoch: 0,
    isFenced: false,
    stopped: [],
  };
  if (state === null) return { state: fresh, isOthers: false };
  if (state.hostId === hostId && generation === state.generation) return { state, isOthers: false };
  const isOver = state.hostId === hostId && generation < state.generation;
  if (isOver || state.isFenced || state.stopped.length > 0) return { state, isOthers: true };
  return { state: fresh, isOthers: false };
}

function whyNot(order: HandsOrder, state: HandsState, isOthers: boolean): string | null {
  const { generation, epoch } = order;
  if (isOthers) {
    if (state.hostId === order.hostId && generation < state.generation) {
      return `generation ${generation} of this host's identity is over: root's helper has seen ${state.generation}`;
    }
    // Whoever is enrolled anew lifts what was there, and starts nothing.
    if (order.kind === "release") return null;
    return `this host is fenced for its former identity ${state.hostId}: that is released first`;
  }
  if (epoch >= state.epoch) return null;
  // A fence outlives the operation that put it up: it may have been followed by a restart.
  if (order.kind === "hold-fence" && state.isFenced) return null;
  return `epoch ${epoch} is over: root's helper has seen epoch ${state.epoch}`;
}

/** Ending an evacuation, and keeping a fence up, make the host do less: a hold does not stand against it. */
function whyHeld({ kind }: HandsOrder, hold: HoldNotice | null): string | null {
  return hold === null || kind === "halt" || kind === "hold-fence" ? null : holdWords(hold);
}

async function act(
  order: HandsOrder,
  startable: readonly string[],
  { units, hooks }: HandsControls,
  seen: readonly string[],
): Promise<ControlAnswer> {
  const both = async (ask: (control: HostControl) => Promise<ControlAnswer>) => {
    const answers = await Promise.all([units, hooks].map(ask));
    return { problems: answers.flatMap(({ problems }) => problems) };
  };
  switch (order.kind) {
    case "fence":
      return both((control) => control.fence(order));
    case "hold-fence":
      return both((control) => control.holdFence(order));
    case "halt":
      return both((control) => control.halt(order));
    case "evacuate":
      return units.evacuate({ ...order, workloads: seen }, new AbortController().signal);
    case "release": {
      const restart = order.restart.filter((name) => startable.includes(name));
      return both((control) => control.release({ ...order, restart }));
    }
    case "reboot":
      return units.reboot(order);
  }
}

function afterwards({ kind, hostId, generation }: HandsOrder, noted: HandsState): HandsState {
  if (kind === "fence" || kind === "hold-fence") return { ...noted, isFenced: true };
  if (kind !== "release") return noted;
  return { ...noted, hostId, generation, isFenced: false, stopped: [] };
}

function refused(detail: string): HandsAnswer {
  return { ok: false, problem: { kind: "refused", detail } };
}
