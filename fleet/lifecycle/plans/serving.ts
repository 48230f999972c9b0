import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { OperationKind } from "#fleet/inventory/running-operation.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { lifecycleNumbers } from "../numbers.ts";
import type { HostFound, OperationRecord } from "../operation.ts";
import type { PlanKind } from "../plan.ts";
import type { ObservedHost } from "./fleet-snapshot.ts";
import { groupOf } from "./places.ts";
import type { SnapshotIndex } from "./snapshot-index.ts";

/** Operations under which a host serves nobody, or soon will not. */
const takingKinds: Readonly<Record<OperationKind, boolean>> = {
  enrol: false,
  adopt: false,
  inspect: false,
  burnin: false,
  deploy: true,
  drain: true,
  service: true,
  repair: true,
  reimage: true,
  clear: false,
  return: false,
  retire: true,
  power: true,
  reboot: true,
  locate: false,
};

export function takesHosts(kind: OperationKind | PlanKind): boolean {
  return takingKinds[kind];
}

/** Why a host serves nobody now, in two words; null: it serves. Any reason counts against the floor. */
export function whyOut(host: HostRecord, index: SnapshotIndex): string | null {
  if (host.phase !== "active" && host.phase !== "available") return host.phase;
  const observed = index.observed(host.id);
  if (isSilent(observed, index) || isUntold(host.id, index)) return "silent";
  if (observed.verdict === "failed") return "failed";
  if (index.holdsByHost.get(host.id)?.some(({ kind }) => kind === "fault")) return "at fault";
  const running = host.op?.kind ?? index.operationByHost.get(host.id)?.kind;
  return running !== undefined && takesHosts(running) ? `in ${running}` : null;
}

/**
 * How many hosts of a group (`groupOf`) serve nobody: as many as `whyOut` has a reason for. A group has
 * thousands, and most of them are heard, well and left alone: those are not looked at one by one.
 */
export function countOut(group: string, index: SnapshotIndex): number {
  const hosts = index.hostsByGroup.get(group) ?? [];
  const { isUp } = index.snapshot.observed;
  if (isUp === undefined) return hosts.filter((host) => whyOut(host, index) !== null).length;
  let out = 0;
  for (const host of hosts)
    if (!isServingPhase(host) || (!isUp(host.id) && whyOut(host, index) !== null)) out += 1;
  for (const host of index.touchedHosts) {
    const isCounted = !isServingPhase(host) || !isUp(host.id);
    if (!isCounted && groupOf(host) === group && whyOut(host, index) !== null) out += 1;
  }
  return out;
}

/**
 * Nobody hears it: by its link, or, while nobody is called lost because the manager has just begun,
 * by its last word. A host that never spoke (it was taken in by hand, or is simulated by nobody) is
 * silent too.
 */
export function isSilent(observed: ObservedHost, index: SnapshotIndex): boolean {
  if (observed.link === "connected") return false;
  if (observed.link === "lost" || observed.lastHeardMs === null) return true;
  return index.snapshot.nowMs - observed.lastHeardMs >= lifecycleNumbers.lostAfterMs;
}

/**
 * Nobody can tell yet whether it serves: this manager leads, or hears again, since a moment ago and
 * has not heard it since. A host that was served by another manager, or while none ran, is no lost
 * one; nor does it serve for all that was heard before, which may be long ago by a clock that was set
 * back. So it is not counted among those that serve, and taking it takes one that does.
 */
export function isUntold(hostId: HostId, index: SnapshotIndex): boolean {
  const { nowMs, leadsSinceMs } = index.snapshot;
  const { link, lastHeardMs } = index.observed(hostId);
  return (
    link !== "connected" &&
    nowMs - leadsSinceMs < lifecycleNumbers.graceMs &&
    (lastHeardMs ?? 0) <= leadsSinceMs
  );
}

/**
 * Whether an operation on this host takes one from the shares that we may take: not where the host
 * served nobody before, or had failed already (it was silent). One that falls silent under the
 * operation, as each reboot does, stays taken.
 */
export function costsShare(host: HostRecord, index: SnapshotIndex): boolean {
  const operation = index.operationByHost.get(host.id);
  const kind = operation?.kind ?? host.op?.kind;
  if (kind === undefined || !takesHosts(kind)) return false;
  if (operation === undefined) return isServingPhase(host);
  if (operation.fromPhase !== "active" && operation.fromPhase !== "available") return false;
  if (operation.found !== undefined) return costsAsFound(operation, operation.found, index);
  if (hadFailedBefore(operation, index)) return false;
  if (isUntold(host.id, index)) return true;
  return !wasSilentBefore(operation, index.observed(host.id), index.snapshot.nowMs);
}

/** What was lost when it began costs nothing until it is heard again; what served costs its share. */
function costsAsFound(operation: OperationRecord, found: HostFound, index: SnapshotIndex): boolean {
  const { hostId, kind } = operation;
  if (found === "failed") return !hasFailed(hostId, kind, index);
  if (found === "serving" || isUntold(hostId, index)) return true;
  // One that came back meanwhile and fell silent anew is not the one that was lost before.
  const observed = index.observed(hostId);
  return operation.foundHeardMs === undefined
    ? !wasSilentBefore(operation, observed, index.snapshot.nowMs)
    : !isStillSilent(operation.foundHeardMs, observed);
}

/**
 * It was not heard since it was found silent: its last word is the one that was known then. Moments
 * that two clocks have noted can be asked for nothing else, not even what came first.
 */
function isStillSilent(foundHeardMs: UnixMs, { link, lastHeardMs }: ObservedHost): boolean {
  if (link === "connected") return false;
  // Of reports a manager that has just begun knows, and not of each heartbeat.
  return (
    lastHeardMs === null || Math.abs(lastHeardMs - foundHeardMs) < lifecycleNumbers.lostAfterMs
  );
}

/** What is noted of a host that an operation begins on. */
export function findNow(
  host: HostRecord,
  kind: PlanKind,
  index: SnapshotIndex,
): Pick<OperationRecord, "found" | "foundHeardMs"> {
  const found = foundNow(host, kind, index);
  const { lastHeardMs } = index.observed(host.id);
  return found === "silent" && lastHeardMs !== null
    ? { found, foundHeardMs: lastHeardMs }
    : { found };
}

/** How a host is that an operation shall begin on. */
function foundNow(host: HostRecord, kind: PlanKind, index: SnapshotIndex): HostFound {
  if (hasFailed(host.id, kind, index)) return "failed";
  const isLost = isSilent(index.observed(host.id), index) && !isUntold(host.id, index);
  return isLost ? "silent" : "serving";
}

/** The same of an operation that is not begun yet. */
export function wouldCostShare(host: HostRecord, kind: PlanKind, index: SnapshotIndex): boolean {
  if (!takesHosts(kind) || !isServingPhase(host)) return false;
  return foundNow(host, kind, index) === "serving";
}

/** Who is out by its phase serves nobody, heard or not. */
export function isServingPhase(host: HostRecord): boolean {
  return host.phase === "active" || host.phase === "available";
}

/** Its health says that it has failed: draining it takes nothing that was not lost already. */
function hasFailed(hostId: HostId, kind: PlanKind | OperationKind, index: SnapshotIndex): boolean {
  return kind === "drain" && index.observed(hostId).verdict === "failed";
}

/** The same of a drain that runs: the fault was there before it. */
function hadFailedBefore(operation: OperationRecord, index: SnapshotIndex): boolean {
  if (!hasFailed(operation.hostId, operation.kind, index)) return false;
  const holds = index.holdsByHost.get(operation.hostId) ?? [];
  return holds.some(({ kind, createdMs }) => kind === "fault" && createdMs <= operation.startedMs);
}

function wasSilentBefore(
  operation: OperationRecord,
  observed: ObservedHost,
  nowMs: number,
): boolean {
  if (observed.link === "connected") return false;
  if (observed.lastHeardMs === null) return true;
  // It began by another clock, or before this one was set back: nobody can say what came first.
  if (operation.startedMs > nowMs) return false;
  if (observed.link === "lost" && (observed.linkSinceMs ?? 0) <= operation.startedMs) return true;
  return observed.lastHeardMs + lifecycleNumbers.lostAfterMs <= operation.startedMs;
}
