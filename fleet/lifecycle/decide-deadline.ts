import type { UnixMs } from "#proto/vocabulary/units.ts";
import { utcTime } from "#proto/vocabulary/utc-time.ts";
import { pauseWith } from "./decide-control.ts";
import { decideFailed } from "./decide-step.ts";
import { type Decision, executorActor, type HostFacts } from "./decision.ts";
import { exits } from "./exits.ts";
import { lifecycleNumbers } from "./numbers.ts";
import type { DrainDetail, OperationRecord } from "./operation.ts";
import type { Why } from "./why.ts";

/** A timer that was set for one (host, operation, epoch); it fires for no other. */
export interface OperationTimer {
  readonly hostId: OperationRecord["hostId"];
  readonly operationId: OperationRecord["id"];
  readonly epoch: number;
}

export function isTimerFor(timer: OperationTimer, operation: OperationRecord | null): boolean {
  return (
    operation !== null &&
    operation.endedMs === null &&
    operation.hostId === timer.hostId &&
    operation.id === timer.operationId &&
    operation.epoch === timer.epoch
  );
}

/** When its time is over. A forced drain still has room to prove what it stopped. */
export function deadlineOf(operation: OperationRecord): number | null {
  if (operation.deadlineMs === null) return null;
  const { detail } = operation;
  const isForced = detail.kind === "drain" && detail.force;
  return operation.deadlineMs + (isForced ? lifecycleNumbers.forceRoomMs : 0);
}

/**
 * Its time is over, or not yet (*same*). A drain and a return pause and explain; whatever else has
 * failed. What it waited for goes on standing there. `leaptMs`: how far the wall clock has leapt since
 * the deadline was set.
 */
export function decideDeadline(
  facts: HostFacts,
  operation: OperationRecord,
  nowMs: UnixMs,
  leaptMs = 0,
): Decision<OperationRecord> {
  const deadlineMs = deadlineOf(operation);
  if (operation.status !== "running" || deadlineMs === null || nowMs - leaptMs < deadlineMs)
    return { kind: "same", value: operation };
  const { detail } = operation;
  if (detail.kind === "drain" || detail.kind === "return")
    return pauseWith(
      facts,
      operation,
      [...overWhy(facts, operation), ...operation.why.map((why) => stoodWhy(why, nowMs))],
      "operation.deadline",
      executorActor,
      nowMs,
    );
  const cause = operation.why[0];
  return decideFailed(
    facts,
    operation,
    {
      code: cause?.code ?? "deadline",
      words: `not over within its time: ${cause?.words ?? `step ${operation.step}`}`,
      who: "an operator",
      command: exits.explain(facts.host),
      untilMs: null,
    },
    nowMs,
  );
}

/** What it waited for up to now. A time that is over, and time itself, end nothing any more. */
function stoodWhy(why: Why, nowMs: number): Why {
  if (why.untilMs === null || why.untilMs > nowMs) return why;
  return { ...why, words: `until then: ${why.words}`, who: "an operator", untilMs: null };
}

function overWhy(facts: HostFacts, operation: OperationRecord): readonly Why[] {
  const { host } = facts;
  const { detail } = operation;
  const over = { code: "deadline", who: "an operator", untilMs: null } as const;
  if (detail.kind !== "drain")
    return [
      {
        ...over,
        words: `the time of the ${operation.kind} is over: ${host.name} has not answered`,
        command: exits.resume(operation.id),
      },
    ];
  const left = whatIsLeft(facts, detail);
  const why: Why[] = [
    {
      ...over,
      words: `the deadline is over and ${host.name} is not empty: ${left}`,
      command: exits.resume(operation.id),
    },
    { ...over, words: "it may be left where it is", command: exits.cancel(operation.id) },
  ];
  if (!detail.force)
    why.push({
      ...over,
      words: "what does not stop may be ended hard",
      command: exits.forceDrain(host),
    });
  return why;
}

/** What stands between the host and empty, in words. */
function whatIsLeft(facts: HostFacts, detail: DrainDetail): string {
  const { remaining } = detail;
  const parts: string[] = [];
  if (remaining === null) parts.push("its agent has not said what runs");
  else if (remaining.length > 0) {
    const more = remaining.length - namedMax;
    parts.push(`${remaining.slice(0, namedMax).join(", ")}${more > 0 ? ` and ${more} more` : ""}`);
  }
  if (facts.leases.length > 0)
    parts.push(`${facts.leases.length} ${facts.leases.length === 1 ? "lease" : "leases"}`);
  return parts.length === 0 ? "its proof is missing" : parts.join("; ");
}

/** Workloads named in one sentence. */
const namedMax = 5;

/**
 * An evacuation in which nothing has moved for long is stalled: it goes on, and says so. Answers
 * null where it is not.
 */
export function stalledWhy(operation: OperationRecord, nowMs: number): Why | null {
  const { detail } = operation;
  if (detail.kind !== "drain" || operation.step !== "evacuate") return null;
  if (operation.stepState !== "waiting") return null;
  if (nowMs - operation.progressMs < lifecycleNumbers.stalledMs) return null;
  const { remaining } = detail;
  const left =
    remaining === null || remaining.length === 0
      ? "the host has not said what still runs"
      : remaining.slice(0, namedMax).join(", ");
  return {
    code: "stalled",
    words: `no progress since ${clockTime(operation.progressMs)} UTC: ${left}`,
    who: "who runs what is left, or an operator",
    command: exits.cancel(operation.id),
    untilMs: deadlineOf(operation),
  };
}

function clockTime(atMs: number): string {
  const { hour, minute } = utcTime(atMs);
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}
