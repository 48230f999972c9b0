import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { type Actor, type Decision, type HostFacts, refused } from "./decision.ts";
import { exits } from "./exits.ts";
import { lifecycleNumbers } from "./numbers.ts";
import type { OperationRecord, StepEnd } from "./operation.ts";
import { changeOperation } from "./operation-change.ts";
import { phaseAfter } from "./operation-table.ts";
import { rearm } from "./strengthen-drain.ts";
import type { Why } from "./why.ts";

/**
 * Ends an operation before its success. The host stays where it was; the epoch is raised, so that
 * what was ordered is answered too late. What moved stays moved, a drain's cordon stays. Refused while
 * the host may be doing what cannot be taken back: a restart, or a fence that is lifted. A restart
 * that was ordered, not answered and is too old to be begun can be canceled.
 */
export function decideCancel(
  facts: HostFacts,
  operation: OperationRecord,
  actor: Actor,
  nowMs: UnixMs,
): Decision<OperationRecord> {
  if (operation.status === "canceled") return { kind: "same", value: operation };
  if (operation.endedMs !== null) return refused(ended(operation));
  if (operation.kind !== "drain" && isUnderWay(operation, nowMs))
    return refused({
      code: "operation",
      words: `${facts.host.name} was ordered to ${operation.kind} and may have begun: it goes on when the host answers`,
      who: "the host, or who has seen it off",
      command: operation.kind === "return" ? exits.confirmOff(operation.id) : null,
      untilMs: operation.deadlineMs,
    });
  return changeOperation(
    facts,
    operation,
    {
      operation: {
        status: "canceled",
        endedMs: nowMs,
        why: [],
        history: withStep(operation, stepEnd(operation, "canceled", `by ${actor.name}`, nowMs)),
      },
      host: { epoch: facts.host.epoch + 1 },
      action: "operation.cancel",
    },
    actor,
    nowMs,
  );
}

/** It waits for a person. Only a drain, or what has not begun to act, can wait in its middle. */
export function decidePause(
  facts: HostFacts,
  operation: OperationRecord,
  actor: Actor,
  nowMs: UnixMs,
): Decision<OperationRecord> {
  if (operation.status === "paused") return { kind: "same", value: operation };
  if (operation.endedMs !== null) return refused(ended(operation));
  if (operation.kind !== "drain" && isUnderWay(operation, nowMs))
    return refused({
      code: "operation",
      words: `a ${operation.kind} of ${facts.host.name} is under way and cannot wait in its middle`,
      who: "the host, when it answers",
      command: null,
      untilMs: operation.deadlineMs,
    });
  return pauseWith(
    facts,
    operation,
    [
      {
        code: "operation",
        words: `paused by ${actor.name}${actor.reason === null ? "" : `: ${actor.reason}`}`,
        who: `${actor.name}, or another operator`,
        command: exits.resume(operation.id),
        untilMs: null,
      },
    ],
    "operation.pause",
    actor,
    nowMs,
  );
}

/** Paused, with what it waits for; each of them an exit. */
export function pauseWith(
  facts: HostFacts,
  operation: OperationRecord,
  why: readonly Why[],
  action: string,
  actor: Actor,
  nowMs: UnixMs,
): Decision<OperationRecord> {
  return changeOperation(
    facts,
    operation,
    { operation: { status: "paused", why }, action },
    actor,
    nowMs,
  );
}

/**
 * Goes on. A drain begins its steps anew at a higher epoch; where its time is over it has the same
 * time again.
 */
export function decideResume(
  facts: HostFacts,
  operation: OperationRecord,
  actor: Actor,
  nowMs: UnixMs,
): Decision<OperationRecord> {
  if (operation.status === "running") return { kind: "same", value: operation };
  if (operation.endedMs !== null) return refused(ended(operation));
  const { detail } = operation;
  if (detail.kind === "drain") {
    const deadlineMs =
      operation.deadlineMs === null || operation.deadlineMs <= nowMs
        ? unixMs(nowMs + detail.allowedMs)
        : operation.deadlineMs;
    return rearm(facts, operation, detail, deadlineMs, actor, nowMs, "operation.resume");
  }
  const allowedMs = (operation.deadlineMs ?? operation.startedMs) - operation.startedMs;
  return changeOperation(
    facts,
    operation,
    {
      operation: {
        status: "running",
        why: [],
        stepSinceMs: nowMs,
        progressMs: nowMs,
        deadlineMs:
          operation.deadlineMs === null ? null : unixMs(nowMs + Math.max(allowedMs, 60_000)),
      },
      action: "operation.resume",
    },
    actor,
    nowMs,
  );
}

/**
 * Somebody has seen that the host is off, and types its serial: a drain ends in drained without the
 * agent's word, a return that the host never answered ends where it was. Refused while the host can
 * be asked, and for another serial. Its leases must have ended first.
 */
export function decideConfirmOff(
  facts: HostFacts,
  operation: OperationRecord,
  typed: {
    readonly serial: string;
    /** Its agent is connected right now. */
    readonly isHeard: boolean;
    readonly tenancyRevision: number;
  },
  actor: Actor,
  nowMs: UnixMs,
): Decision<OperationRecord> {
  const { host } = facts;
  const { detail } = operation;
  if (operation.endedMs !== null) return refused(ended(operation));
  if (detail.kind !== "drain" && detail.kind !== "return")
    return refused(offWhy(`a ${operation.kind} does not end by the host being off`, null));
  const why: Why[] = [];
  if (actor.kind !== "person") why.push(offWhy("only a person has seen that it is off", null));
  if (host.serial === null)
    why.push({
      ...offWhy(
        `no serial of ${host.name} is known, so none can be compared`,
        detail.kind === "drain" ? exits.cancel(operation.id) : null,
      ),
      who: "an operator",
    });
  else if (typed.serial.trim() !== host.serial)
    why.push(
      offWhy("the serial that was typed is not this host's", exits.confirmOff(operation.id)),
    );
  if (typed.isHeard && host.trust === "operated")
    why.push(
      offWhy(`${host.name} is connected: it is not off, and can be asked`, exits.explain(host)),
    );
  if (detail.kind === "drain")
    for (const lease of facts.leases)
      why.push({
        code: "lease",
        words: `lease ${lease.id} on ${host.name} still runs`,
        who: "its tenant, or an operator",
        command: exits.endLease(lease.id),
        untilMs: null,
      });
  if (why.length > 0) return { kind: "refused", why };
  if (detail.kind === "return")
    return changeOperation(
      facts,
      operation,
      {
        operation: {
          status: "canceled",
          endedMs: nowMs,
          why: [],
          history: withStep(operation, stepEnd(operation, "canceled", "seen off", nowMs)),
        },
        host: { epoch: host.epoch + 1 },
        action: "operation.confirm-off",
      },
      actor,
      nowMs,
    );
  return changeOperation(
    facts,
    operation,
    {
      operation: {
        status: "done",
        endedMs: nowMs,
        why: [],
        history: withStep(
          operation,
          stepEnd(operation, "done", `seen off by ${actor.name}, serial typed`, nowMs),
        ),
        detail: {
          ...detail,
          proof: {
            epoch: operation.epoch,
            agentMs: nowMs,
            tenancyMs: nowMs,
            tenancyRevision: typed.tenancyRevision,
            by: "typed-serial",
          },
        },
      },
      host: { phase: phaseAfter("drain", host.phase, host.phase) ?? host.phase },
      action: "host.phase",
      facts: { by: "typed-serial" },
    },
    actor,
    nowMs,
  );
}

/** How a step ended, for the operation's history. */
export function stepEnd(
  operation: OperationRecord,
  outcome: StepEnd["outcome"],
  evidence: string,
  nowMs: UnixMs,
): StepEnd {
  return {
    step: operation.step,
    startedMs: operation.stepSinceMs,
    endedMs: nowMs,
    attempts: operation.attempt,
    outcome,
    evidence: evidence.slice(0, evidenceCharactersMax),
  };
}

/** With a step that has ended; the oldest go. */
export function withStep(operation: OperationRecord, end: StepEnd): readonly StepEnd[] {
  return [...operation.history, end].slice(-lifecycleNumbers.stepsKept);
}

/** Of one step's evidence in an operation's history. */
export const evidenceCharactersMax = 512;

function isUnderWay({ detail, stepState, history }: OperationRecord, nowMs: UnixMs): boolean {
  // A light goes out by itself when nobody lights it anew.
  if (detail.kind === "locate") return false;
  if (history.length > 0) return true;
  if (detail.kind === "reboot")
    return detail.askedUntilMs !== undefined && nowMs < detail.askedUntilMs;
  return stepState !== "between";
}

function ended(operation: OperationRecord): Why {
  return {
    code: "operation",
    words: `it ended already: ${operation.status}`,
    who: "nobody",
    command: null,
    untilMs: null,
  };
}

function offWhy(words: string, command: string | null): Why {
  return { code: "proof", words, who: "an operator at the machine", command, untilMs: null };
}
