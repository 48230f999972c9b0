import type { Phase } from "#fleet/inventory/host-record.ts";
import { invariant } from "#proto/vocabulary/invariant.ts";
import type { HoldId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { stepEnd, withStep } from "./decide-control.ts";
import { type Decision, executorActor, type HostFacts } from "./decision.ts";
import type { OperationDetail, OperationRecord, StepEnd } from "./operation.ts";
import { changeOperation } from "./operation-change.ts";
import { mayBecome } from "./operation-table.ts";
import type { Why } from "./why.ts";

// What the executor writes: intent before it acts, then what it waits for, then the outcome.

/** Before acting. A step that has an intent already is acted on again: one attempt more. */
export function decideIntent(
  facts: HostFacts,
  operation: OperationRecord,
  nowMs: UnixMs,
): Decision<OperationRecord> {
  const isFirst = operation.stepState === "between";
  return changeOperation(
    facts,
    operation,
    {
      operation: {
        stepState: "intent",
        attempt: isFirst ? operation.attempt : operation.attempt + 1,
      },
      action: "operation.intent",
      facts: { step: operation.step, attempt: isFirst ? operation.attempt : operation.attempt + 1 },
    },
    executorActor,
    nowMs,
  );
}

/** It has acted and waits for the world; nothing is written where it says what it said before. */
export function decideWaiting(
  facts: HostFacts,
  operation: OperationRecord,
  wait: {
    readonly why: readonly Why[];
    readonly detail?: OperationDetail;
    /** Something moved: the clock of *stalled* begins again. */
    readonly isProgress?: boolean;
    /** The act itself is still unanswered. */
    readonly isUnanswered?: boolean;
  },
  nowMs: UnixMs,
): Decision<OperationRecord> {
  const detail = wait.detail ?? operation.detail;
  const stepState = wait.isUnanswered === true ? operation.stepState : "waiting";
  const isSame =
    stepState === operation.stepState &&
    detail === operation.detail &&
    wait.isProgress !== true &&
    sameWhy(wait.why, operation.why);
  if (isSame) return { kind: "same", value: operation };
  return changeOperation(
    facts,
    operation,
    {
      operation: {
        stepState,
        why: wait.why,
        detail,
        ...(wait.isProgress === true && { progressMs: nowMs }),
      },
      action: "operation.wait",
      facts: { step: operation.step, waitsFor: wait.why[0]?.code ?? null },
    },
    executorActor,
    nowMs,
  );
}

/** A step has ended; the next one has not begun. */
export function decideStepEnd(
  facts: HostFacts,
  operation: OperationRecord,
  end: {
    readonly outcome: StepEnd["outcome"];
    readonly evidence: string;
    readonly next: string;
    readonly detail?: OperationDetail;
  },
  nowMs: UnixMs,
): Decision<OperationRecord> {
  return changeOperation(
    facts,
    operation,
    {
      operation: {
        step: end.next,
        stepState: "between",
        stepSinceMs: nowMs,
        attempt: 1,
        why: [],
        progressMs: nowMs,
        detail: end.detail ?? operation.detail,
        history: withStep(operation, stepEnd(operation, end.outcome, end.evidence, nowMs)),
      },
      action: "operation.step",
      facts: { step: operation.step, next: end.next },
    },
    executorActor,
    nowMs,
  );
}

/** It succeeded: phase, end and released holds in one change. */
export function decideDone(
  facts: HostFacts,
  operation: OperationRecord,
  end: {
    readonly phase: Phase;
    readonly evidence: string;
    readonly detail?: OperationDetail;
    readonly holdsReleased?: readonly HoldId[];
  },
  nowMs: UnixMs,
): Decision<OperationRecord> {
  const { host } = facts;
  invariant(mayBecome(host.phase, end.phase), `no operation leads ${host.phase} to ${end.phase}`);
  return changeOperation(
    facts,
    operation,
    {
      operation: {
        status: "done",
        endedMs: nowMs,
        why: [],
        detail: end.detail ?? operation.detail,
        history: withStep(operation, stepEnd(operation, "done", end.evidence, nowMs)),
      },
      host: { phase: end.phase },
      ...(end.holdsReleased !== undefined && { holdsReleased: end.holdsReleased }),
      action: end.phase === host.phase ? "operation.done" : "host.phase",
      facts: { evidence: end.evidence.slice(0, 200) },
    },
    executorActor,
    nowMs,
  );
}

/** It failed: the host stays, the reason stands in the record, and a person decides. */
export function decideFailed(
  facts: HostFacts,
  operation: OperationRecord,
  why: Why,
  nowMs: UnixMs,
): Decision<OperationRecord> {
  return changeOperation(
    facts,
    operation,
    {
      operation: {
        status: "failed",
        endedMs: nowMs,
        why: [why],
        history: withStep(operation, stepEnd(operation, "failed", why.words, nowMs)),
      },
      action: "operation.failed",
      outcome: "failed",
      facts: { cause: why.code, words: why.words.slice(0, 200) },
    },
    executorActor,
    nowMs,
  );
}

export function sameWhy(left: readonly Why[], right: readonly Why[]): boolean {
  return (
    left.length === right.length &&
    left.every((why, at) => {
      const other = right[at];
      return other !== undefined && JSON.stringify(why) === JSON.stringify(other);
    })
  );
}
