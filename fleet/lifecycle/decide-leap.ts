import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { type Decision, executorActor, type HostFacts } from "./decision.ts";
import type { OperationDetail, OperationRecord } from "./operation.ts";
import { changeOperation } from "./operation-change.ts";

/** How far the wall clock has leapt since a moment was written, ms, forward positive. */
export interface Leap {
  readonly deadlineMs: number;
  readonly stepMs: number;
}

/**
 * The wall clock has leapt: the moments of an operation are written anew by the clock as it is, so that
 * whoever goes on after a restart judges by the time that has really passed. What tenants were told
 * stays as it was told.
 */
export function decideLeap(
  facts: HostFacts,
  operation: OperationRecord,
  leap: Leap,
  nowMs: UnixMs,
): Decision<OperationRecord> {
  const { deadlineMs } = operation;
  return changeOperation(
    facts,
    operation,
    {
      operation: {
        deadlineMs: deadlineMs === null ? null : moved(deadlineMs, leap.deadlineMs),
        stepSinceMs: moved(operation.stepSinceMs, leap.stepMs),
        progressMs: moved(operation.progressMs, leap.stepMs),
        detail: movedDetail(operation.detail, leap),
      },
      action: "operation.clock",
      facts: { deadlineLeapMs: leap.deadlineMs, stepLeapMs: leap.stepMs },
    },
    executorActor,
    nowMs,
  );
}

function movedDetail(detail: OperationDetail, { deadlineMs, stepMs }: Leap): OperationDetail {
  switch (detail.kind) {
    case "reboot":
      return detail.askedUntilMs === undefined
        ? detail
        : { ...detail, askedUntilMs: moved(detail.askedUntilMs, stepMs) };
    case "power":
      return {
        ...detail,
        ordered: detail.ordered && {
          ...detail.ordered,
          atMs: moved(detail.ordered.atMs, stepMs),
        },
        seenSinceMs: detail.seenSinceMs === null ? null : moved(detail.seenSinceMs, stepMs),
      };
    case "locate":
      return { ...detail, untilMs: moved(detail.untilMs, deadlineMs) };
    default:
      return detail;
  }
}

function moved(atMs: UnixMs, leapMs: number): UnixMs {
  return unixMs(Math.max(0, atMs + leapMs));
}
