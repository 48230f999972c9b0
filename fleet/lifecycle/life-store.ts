import type { AuditEntry } from "#fleet/audit/audit-entry.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { LeaseRecord, TenantRecord } from "#fleet/tenancy/tenancy.ts";
import type { HoldId, HostId, LeaseId, OperationId, PlanId } from "#proto/vocabulary/ids.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { HoldRecord } from "./hold.ts";
import type { OperationRecord } from "./operation.ts";
import type { PlanRecord } from "./plan.ts";
import type { Why } from "./why.ts";

/**
 * One change of state: everything in it is written or nothing, with exactly one audit entry. Writers
 * give what they read (revision, version); what moved since is a conflict and nothing is written.
 * Written twice (the first answer was lost) it is written once.
 */
export interface LifeChange {
  /** `record.revision` is `expectedRevision + 1`. */
  readonly hosts?: readonly { readonly record: HostRecord; readonly expectedRevision: number }[];
  /** `expectedVersion` 0: it is new; else `record.version` is one more. */
  readonly operations?: readonly {
    readonly record: OperationRecord;
    readonly expectedVersion: number;
  }[];
  readonly plans?: readonly { readonly record: PlanRecord; readonly expectedVersion: number }[];
  readonly leases?: readonly { readonly record: LeaseRecord; readonly expectedVersion: number }[];
  readonly tenants?: readonly { readonly record: TenantRecord; readonly expectedVersion: number }[];
  readonly holdsAdded?: readonly HoldRecord[];
  readonly holdsReleased?: readonly HoldId[];
  /** Written only while this manager leads: a lower term than the stored one is a conflict. */
  readonly term: number;
  readonly audit: AuditEntry;
}

export type LifeConflict =
  | {
      readonly kind: "moved";
      readonly what: "host" | "operation" | "plan" | "lease" | "tenant" | "hold";
      readonly id: string;
    }
  /** A lease claims a host that an exclusive lease has, or an exclusive one a host with leases. */
  | { readonly kind: "lease-taken"; readonly hostId: HostId; readonly by: LeaseId }
  | { readonly kind: "name-taken"; readonly name: string }
  | { readonly kind: "term-over"; readonly term: number; readonly current: number }
  /** The store may be older than the world; see safe-mode.ts. */
  | { readonly kind: "safe-mode" }
  /** Somebody stopped everything; see freeze.ts. */
  | { readonly kind: "frozen"; readonly why: Why };

/** Implemented in fleet/storage on both engines; one contract test. */
export interface LifeStore {
  commit(change: LifeChange): Promise<Result<void, LifeConflict>>;
  findOperation(id: OperationId): Promise<OperationRecord | undefined>;
  /** Those that have not ended. */
  listOpenOperations(): Promise<readonly OperationRecord[]>;
  /** Newest first; of one host or one plan where given. */
  listOperations(ask: {
    readonly hostId?: HostId;
    readonly planId?: PlanId;
    readonly before: OperationId | null;
    readonly limit: number;
  }): Promise<readonly OperationRecord[]>;
  findPlan(id: PlanId): Promise<PlanRecord | undefined>;
  /** `applying` and `paused`. */
  listOpenPlans(): Promise<readonly PlanRecord[]>;
  listPlans(ask: {
    readonly before: PlanId | null;
    readonly limit: number;
  }): Promise<readonly PlanRecord[]>;
  listHolds(): Promise<readonly HoldRecord[]>;
  /** Those that run. */
  listLeases(): Promise<readonly LeaseRecord[]>;
  listTenants(): Promise<readonly TenantRecord[]>;
  /** When those of the newest `limit` operations began that began after `sinceMs`, newest first. */
  listStarts(sinceMs: UnixMs, limit: number): Promise<readonly UnixMs[]>;
  /** How long operations of a kind took that ended well, newest first, milliseconds. */
  listDurations(kind: string, limit: number): Promise<readonly number[]>;
}

/** As the leadership stands; each renewal changes it. */
export interface LeaderRow {
  readonly term: number;
  readonly holder: string;
  /** By the holder's clock, which may be hours off. */
  readonly untilMs: UnixMs;
}

/** Who leads a cell. A take-over raises the term; a manager whose time is over acts no more. */
export interface LeaderStore {
  /**
   * Takes or keeps the leadership: succeeds where nobody holds it at `nowMs`, or `holder` does. The
   * term is the stored one for who keeps it, one more for who takes it over. `unrenewed`: seen to stand
   * so for as long as a leadership lasts; where it still does, it is over whatever `untilMs` says.
   */
  lead(ask: {
    readonly holder: string;
    readonly nowMs: UnixMs;
    readonly untilMs: UnixMs;
    readonly unrenewed?: LeaderRow;
  }): Promise<LeaderRow & { readonly isLeader: boolean }>;
  release(holder: string): Promise<void>;
}
