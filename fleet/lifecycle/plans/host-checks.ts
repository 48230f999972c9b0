import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { pairOf } from "../operation-table.ts";
import type { PlanAction } from "../plan.ts";
import { holdsAgainst, holdWords, type Verb, whoReleases } from "../verbs.ts";
import type { Why } from "../why.ts";
import { isSilent } from "./serving.ts";
import type { SnapshotIndex } from "./snapshot-index.ts";

/**
 * What of a host itself stands against an action, whatever the rest of the fleet does: phase, holds,
 * a running operation, that it is only watched, that nobody hears it. Empty: nothing.
 */
export function whyCannot(
  host: HostRecord,
  action: PlanAction,
  index: SnapshotIndex,
): readonly Why[] {
  const why: Why[] = [];
  const pair = pairOf(action.kind, host.phase);
  if (!pair.isAllowed) {
    why.push({
      code: "phase",
      words: `${host.name} ${pair.reason}`,
      who: "nobody: it is not for hosts in this phase",
      command: `wws-fleet host explain ${host.name}`,
      untilMs: null,
    });
  }
  if (host.watchedOnly) {
    why.push({
      code: "watched-only",
      words: `${host.name} is only watched: nothing is done to it until an operator says otherwise`,
      who: "an operator",
      command: `wws-fleet host explain ${host.name}`,
      untilMs: null,
    });
  }
  const running = index.operationByHost.get(host.id);
  const kind = running?.kind ?? host.op?.kind;
  if (kind !== undefined) {
    const id = running?.id ?? host.op?.id ?? "";
    why.push({
      code: "operation",
      words: `${host.name} is under a ${kind} already`,
      who: running === undefined ? "an operator" : running.by,
      command: `wws-fleet op watch ${id}`,
      untilMs: running?.deadlineMs ?? null,
    });
  }
  why.push(...heldWhy(host, action, index));
  if (action.kind === "reboot" && isSilent(index.observed(host.id), index)) {
    why.push({
      code: "link",
      words: `${host.name} is not heard: its agent cannot restart it`,
      who: "whoever brings it back, or its agent",
      command: `wws-fleet host explain ${host.name}`,
      untilMs: null,
    });
  }
  return why;
}

function heldWhy(host: HostRecord, action: PlanAction, index: SnapshotIndex): readonly Why[] {
  const holds = index.holdsByHost.get(host.id) ?? [];
  const { nowMs } = index.snapshot;
  const verbs: Verb[] = [action.kind];
  if (action.kind === "drain" && action.force) verbs.push("force-drain");
  const against = new Set(verbs.flatMap((verb) => holdsAgainst(verb, holds, nowMs)));
  return [...against].map((hold) => ({
    code: "hold",
    words: `${host.name} has a ${hold.kind} hold of ${hold.holder} (${holdWords[hold.kind]}): ${hold.reason}`,
    who: whoReleases(hold),
    command: `wws-fleet hold release ${hold.id}`,
    untilMs: hold.expiresMs,
  }));
}
