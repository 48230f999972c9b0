import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { whyNotStart } from "../why-not-start.ts";
import { exits } from "../exits.ts";
import type { Asker } from "../lifecycle.ts";
import type { OperationRecord } from "../operation.ts";
import type { PlanAction } from "../plan.ts";
import type { PlanId } from "#proto/vocabulary/ids.ts";
import type { Why } from "../why.ts";
import { isSilent } from "./serving.ts";
import type { SnapshotIndex } from "./snapshot-index.ts";

/** For judging only: nothing is written with it. */
const anyPlan = "plan" as PlanId;

/**
 * What of a host itself stands against an action, whatever the rest of the fleet does: phase, holds,
 * a running operation, that it is only watched, that nobody hears it. Empty: nothing.
 */
export function whyCannot(
  host: HostRecord,
  ask: { readonly action: PlanAction; readonly asker: Asker },
  index: SnapshotIndex,
): readonly Why[] {
  const joined = operationToJoin(host, ask.action, index);
  const facts = {
    host,
    holds: index.holdsByHost.get(host.id) ?? [],
    leases: index.leasesByHost.get(host.id) ?? [],
    operation: joined,
  };
  const judged = whyNotStart(
    facts,
    { ...ask, planId: anyPlan },
    {
      brakes: [],
      // Of the plan as a whole, when it is applied.
      emergencyNeedsTwo: false,
      // Only the start itself can tell where a quarantined host goes back to.
      backTo: host.phase,
      hasBmc: index.snapshot.withBmc?.has(host.id) ?? false,
      nowMs: index.snapshot.nowMs,
    },
  );
  const busy = joined === null ? busyWhy(host, index) : [];
  return [...judged, ...busy, ...unheardWhy(host, ask.action, index)];
}

/**
 * The same drain asked twice is the same drain, and a stronger one makes it stronger: that is how one
 * that is paused is forced. A light that blinks is put out so. null: nothing runs there, or something
 * else does.
 */
export function operationToJoin(
  host: HostRecord,
  action: PlanAction,
  index: SnapshotIndex,
): OperationRecord | null {
  const running = index.operationByHost.get(host.id);
  const isJoined = action.kind === "drain" || action.kind === "locate";
  return isJoined && running?.kind === action.kind ? running : null;
}

/** Any other operation, also one of the same kind: it is somebody else's. */
export function busyWhy(host: HostRecord, index: SnapshotIndex): readonly Why[] {
  const running = index.operationByHost.get(host.id);
  const id = running?.id ?? host.op?.id;
  if (id === undefined) return [];
  const kind = running?.kind ?? host.op?.kind ?? "operation";
  const who = running === undefined ? "an operator" : `${running.by}, or another operator`;
  return [
    {
      code: "operation",
      words: `${host.name} has an operation already: ${kind}${running === undefined ? "" : ` by ${running.by}, step ${running.step}`}`,
      who,
      command: exits.cancel(id),
      untilMs: running?.deadlineMs ?? null,
    },
  ];
}

function unheardWhy(host: HostRecord, action: PlanAction, index: SnapshotIndex): readonly Why[] {
  if (action.kind !== "reboot" || !isSilent(index.observed(host.id), index)) return [];
  const isGrace = index.observed(host.id).link !== "lost";
  return [
    {
      code: isGrace ? "grace" : "link",
      words: `${host.name} is not heard, so its agent cannot restart it`,
      who: "its agent, by connecting; or whoever brings it back",
      command: exits.explain(host),
      untilMs: null,
    },
  ];
}
