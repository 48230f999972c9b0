import type { AuditEntry } from "#fleet/audit/audit-entry.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { HostId, LeaseId } from "#proto/vocabulary/ids.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { LeaseRecord, TenantRecord } from "./tenancy.ts";

/**
 * One change, written whole or not at all, with its entry in the audit. A change of a host's leases
 * counts its record on: what was judged before a lease came is judged again.
 */
export interface TenancyChange {
  readonly hosts?: readonly { readonly record: HostRecord; readonly expectedRevision: number }[];
  /** `expectedVersion` 0: it is new. */
  readonly leases?: readonly { readonly record: LeaseRecord; readonly expectedVersion: number }[];
  readonly tenants?: readonly { readonly record: TenantRecord; readonly expectedVersion: number }[];
  readonly term: number;
  readonly audit: AuditEntry;
}

export type TenancyConflict =
  | { readonly kind: "moved"; readonly what: string; readonly id: string }
  | { readonly kind: "lease-taken"; readonly hostId: HostId; readonly by: LeaseId }
  | { readonly kind: "name-taken"; readonly name: string }
  | { readonly kind: "term-over"; readonly term: number; readonly current: number }
  | { readonly kind: "safe-mode" }
  /** Somebody stopped everything; in words who and why. */
  | { readonly kind: "frozen"; readonly why: { readonly words: string } };

/** What tenancy needs of a store; the lifecycle's store answers it on both engines. */
export interface TenancyStore {
  commit(change: TenancyChange): Promise<Result<void, TenancyConflict>>;
  /** Those that run. */
  listLeases(): Promise<readonly LeaseRecord[]>;
  listTenants(): Promise<readonly TenantRecord[]>;
}
