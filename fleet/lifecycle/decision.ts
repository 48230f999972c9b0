import type { AuditEntry } from "#fleet/audit/audit-entry.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { LeaseRecord } from "#fleet/tenancy/tenancy.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { HoldRecord } from "./hold.ts";
import type { LifeChange } from "./life-store.ts";
import type { Asker } from "./lifecycle.ts";
import type { OperationRecord } from "./operation.ts";
import type { Why } from "./why.ts";

/** What is so of one host, read at once: all that a decision looks at. */
export interface HostFacts {
  readonly host: HostRecord;
  readonly holds: readonly HoldRecord[];
  /** Those that run. */
  readonly leases: readonly LeaseRecord[];
  /** The one that has not ended; null: none. */
  readonly operation: OperationRecord | null;
}

/** What is to be written; the term is the writer's. */
export type LifePieces = Omit<LifeChange, "term">;

/** A judgement: nothing of it has happened yet. */
export type Decision<Value> =
  | { readonly kind: "refused"; readonly why: readonly Why[] }
  /** It is so already; nothing is written. */
  | { readonly kind: "same"; readonly value: Value }
  | { readonly kind: "change"; readonly value: Value; readonly change: LifePieces };

export const refused = (...why: readonly Why[]): Decision<never> => ({ kind: "refused", why });

/** Who did it, as the audit names it. */
export type Actor = Pick<Asker, "name"> & {
  readonly kind: AuditEntry["actorKind"];
  readonly reason: string | null;
  readonly approvedBy?: string;
};

export const executorActor: Actor = { name: "executor", kind: "automation", reason: null };

/** The one entry that goes with a change of this host. */
export function auditOfHost(
  host: HostRecord,
  actor: Actor,
  atMs: UnixMs,
  what: Pick<AuditEntry, "action" | "facts"> & { readonly outcome?: AuditEntry["outcome"] },
): AuditEntry {
  const { position } = host;
  return {
    atMs,
    actor: actor.name,
    actorKind: actor.kind,
    action: what.action,
    outcome: what.outcome ?? "done",
    subject: {
      kind: "host",
      id: host.id,
      name: host.name,
      serial: host.serial,
      rack: position === null ? null : `${position.site}/${position.row}/${position.rack}`,
    },
    reason: actor.reason,
    planHash: null,
    facts:
      actor.approvedBy === undefined ? what.facts : { ...what.facts, approvedBy: actor.approvedBy },
  };
}
