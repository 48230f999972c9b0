import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import type { Actor, Decision, HostFacts } from "./decision.ts";
import { lifecycleNumbers } from "./numbers.ts";
import type { LocateDetail, OperationRecord } from "./operation.ts";
import { changeOperation } from "./operation-change.ts";
import type { PlanAction } from "./plan.ts";

type LocateAction = Extract<PlanAction, { kind: "locate" }>;

export function locateDetail(action: LocateAction, nowMs: UnixMs): LocateDetail {
  const forMs = action.isOn ? Math.min(action.forMs, lifecycleNumbers.locateForMsMax) : 0;
  return { kind: "locate", isOn: action.isOn, untilMs: unixMs(nowMs + forMs) };
}

/** When the light is out it may still be waited for that its controller says so. */
export function locateDeadlineMs({ untilMs }: LocateDetail): UnixMs {
  return unixMs(untilMs + lifecycleNumbers.operationDeadlineMs.locate);
}

/** The light that blinks already goes out, or blinks until another time, at a new epoch. */
export function relight(
  facts: HostFacts,
  running: OperationRecord,
  action: LocateAction,
  actor: Actor,
  nowMs: UnixMs,
): Decision<OperationRecord> {
  const detail = locateDetail(action, nowMs);
  return changeOperation(
    facts,
    running,
    {
      operation: {
        epoch: facts.host.epoch + 1,
        status: "running",
        step: "light",
        stepState: "between",
        stepSinceMs: nowMs,
        attempt: 1,
        why: [],
        deadlineMs: locateDeadlineMs(detail),
        progressMs: nowMs,
        detail,
      },
      action: "operation.relight",
      facts: { isOn: detail.isOn, untilMs: detail.untilMs },
    },
    actor,
    nowMs,
  );
}
