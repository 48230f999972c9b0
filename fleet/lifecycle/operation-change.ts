import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { RunningOperation } from "#fleet/inventory/running-operation.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import {
  type Actor,
  auditOfHost,
  type Decision,
  type HostFacts,
  type LifePieces,
} from "./decision.ts";
import type { OperationRecord } from "./operation.ts";

/** What a host's record shows of its operation; null once it has ended. */
export function runningOf(operation: OperationRecord): RunningOperation | null {
  if (operation.endedMs !== null) return null;
  return {
    id: operation.id,
    kind: operation.kind,
    step: operation.step,
    epoch: operation.epoch,
    deadlineMs: operation.deadlineMs,
    isPaused: operation.status === "paused",
  };
}

export interface OperationChange {
  /** What becomes of the operation; its version is counted here. */
  readonly operation: Partial<Omit<OperationRecord, "id" | "hostId" | "kind" | "version">>;
  readonly host?: Partial<Pick<HostRecord, "phase" | "epoch">>;
  readonly holdsAdded?: LifePieces["holdsAdded"];
  readonly holdsReleased?: LifePieces["holdsReleased"];
  readonly action: string;
  readonly outcome?: "done" | "failed";
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>;
}

/** An operation and its host go on together, in one change with one entry in the audit. */
export function changeOperation(
  facts: HostFacts,
  operation: OperationRecord,
  change: OperationChange,
  actor: Actor,
  nowMs: UnixMs,
): Decision<OperationRecord> {
  const next: OperationRecord = {
    ...operation,
    ...change.operation,
    version: operation.version + 1,
  };
  const { host } = facts;
  const altered: HostRecord = {
    ...host,
    ...change.host,
    epoch: Math.max(host.epoch, next.epoch, change.host?.epoch ?? 0),
    op: runningOf(next),
  };
  const isHostChanged =
    altered.phase !== host.phase ||
    altered.epoch !== host.epoch ||
    JSON.stringify(altered.op) !== JSON.stringify(host.op);
  return {
    kind: "change",
    value: next,
    change: {
      ...(isHostChanged && {
        hosts: [
          { record: { ...altered, revision: host.revision + 1 }, expectedRevision: host.revision },
        ],
      }),
      operations: [{ record: next, expectedVersion: operation.version }],
      ...(change.holdsAdded !== undefined && { holdsAdded: change.holdsAdded }),
      ...(change.holdsReleased !== undefined && { holdsReleased: change.holdsReleased }),
      audit: auditOfHost(host, actor, nowMs, {
        action: change.action,
        ...(change.outcome !== undefined && { outcome: change.outcome }),
        facts: {
          operation: next.id,
          kind: next.kind,
          epoch: next.epoch,
          ...(altered.phase !== host.phase && { from: host.phase, to: altered.phase }),
          ...change.facts,
        },
      }),
    },
  };
}
