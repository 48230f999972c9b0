import type { Operation } from "#fleet/api/operation-schemas.ts";
import type { StateLook } from "./state-words.ts";
import { formatDuration } from "./time-words.ts";

const statusLooks: Readonly<Record<string, StateLook>> = {
  running: { word: "running", shape: "half", tone: "info", meaning: "it goes on by itself" },
  paused: { word: "paused", shape: "triangle", tone: "warn", meaning: "it waits for a person" },
  done: { word: "done", shape: "disc", tone: "ok", meaning: "its goal is reached" },
  failed: { word: "failed", shape: "cross", tone: "bad", meaning: "it ended before its goal" },
  canceled: { word: "canceled", shape: "ring", tone: "unknown", meaning: "somebody ended it" },
};

/** A newer manager may say a word that this page does not know: it is shown as it is. */
export function operationLook(status: string): StateLook {
  return look(statusLooks, status);
}

const stepLooks: Readonly<Record<string, StateLook>> = {
  done: { word: "done", shape: "disc", tone: "ok", meaning: "it ended as it should" },
  failed: { word: "failed", shape: "cross", tone: "bad", meaning: "it did not reach its end" },
  skipped: { word: "skipped", shape: "dashes", tone: "unknown", meaning: "there was no need" },
  canceled: { word: "canceled", shape: "ring", tone: "unknown", meaning: "ended by somebody" },
  between: { word: "begins", shape: "ring", tone: "info", meaning: "it has not acted yet" },
  intent: { word: "acts", shape: "half", tone: "info", meaning: "it is about to act, or acting" },
  waiting: {
    word: "waits",
    shape: "half",
    tone: "info",
    meaning: "it acted, and looks for effect",
  },
  paused: { word: "paused", shape: "triangle", tone: "warn", meaning: "it waits for a person" },
  ahead: { word: "to come", shape: "dashes", tone: "unknown", meaning: "not begun" },
};

export interface StepRow {
  /** Unique in its operation, also where a step was done twice. */
  readonly key: string;
  readonly step: string;
  readonly look: StateLook;
  readonly startedMs: number | null;
  /** null: it has not ended. */
  readonly endedMs: number | null;
  /** From 1; null: not begun. */
  readonly attempt: number | null;
  /** What was seen; empty where nothing was yet. */
  readonly evidence: string;
  readonly isCurrent: boolean;
}

/** In which order each kind takes its steps: what is still to come is shown after the current one. */
const orders: Readonly<Record<string, readonly string[]>> = {
  drain: ["cordon", "notify", "reserve", "evacuate", "prove"],
  reboot: ["ask", "down", "back"],
  power: ["order", "seen"],
  locate: ["light", "keep"],
};

type Stepping = Pick<
  Operation,
  "kind" | "status" | "history" | "step" | "stepState" | "stepSinceMs" | "attempt" | "endedMs"
>;

/** Its steps from top to bottom: those that ended, the one it is at, and those to come. */
export function stepRows(operation: Stepping): readonly StepRow[] {
  const past = operation.history.map(
    (end, index): StepRow => ({
      key: `${index} ${end.step}`,
      step: end.step,
      look: look(stepLooks, end.outcome),
      startedMs: end.startedMs,
      endedMs: end.endedMs,
      attempt: end.attempts,
      evidence: end.evidence,
      isCurrent: false,
    }),
  );
  if (operation.endedMs !== null) return past;
  const current: StepRow = {
    key: `${past.length} ${operation.step}`,
    step: operation.step,
    look: look(stepLooks, operation.status === "paused" ? "paused" : operation.stepState),
    startedMs: operation.stepSinceMs,
    endedMs: null,
    attempt: operation.attempt,
    evidence: "",
    isCurrent: true,
  };
  return [...past, current, ...stepsAhead(operation)];
}

/** Most steps are over in a moment: then no figure is made up. */
export function tookWords(durationMs: number): string {
  return durationMs < 1_000 ? "under 1 s" : formatDuration(durationMs);
}

function stepsAhead({ kind, step }: Pick<Operation, "kind" | "step">): readonly StepRow[] {
  const order = (Object.hasOwn(orders, kind) ? orders[kind] : undefined) ?? [];
  const at = order.indexOf(step);
  return order.slice(at < 0 ? order.length : at + 1).map((ahead) => ({
    key: `ahead ${ahead}`,
    step: ahead,
    look: look(stepLooks, "ahead"),
    startedMs: null,
    endedMs: null,
    attempt: null,
    evidence: "",
    isCurrent: false,
  }));
}

/** What a person may do to it from here. */
export const operationVerbs = ["pause", "resume", "cancel"] as const;
export type OperationVerb = (typeof operationVerbs)[number];

/** Why the verb has no use now, in words; null: it may be asked, and the manager judges. */
export function whyNotAsked(verb: OperationVerb, operation: Stepping): string | null {
  const { kind, status, endedMs } = operation;
  if (endedMs !== null) return `it has ended: ${status}`;
  if (verb === "resume") return status === "paused" ? null : "it is not paused";
  if (verb === "pause" && status === "paused") return "it is paused already";
  // Only a drain, or what has not begun to act, can wait in its middle or be taken back.
  if (kind !== "drain" && (operation.stepState !== "between" || operation.history.length > 0)) {
    return verb === "pause"
      ? `a ${kind} that is under way cannot wait in its middle`
      : `the host was told to ${kind} and may have begun`;
  }
  return null;
}

function look(looks: Readonly<Record<string, StateLook>>, word: string): StateLook {
  return (
    (Object.hasOwn(looks, word) ? looks[word] : undefined) ?? {
      word,
      shape: "question",
      tone: "unknown",
      meaning: "this page does not know the word; reload it",
    }
  );
}
