import type { HostId, LeaseId, TenantId } from "#proto/vocabulary/ids.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { EvacuationStrategy, LeaseRecord, NoticeClass, TenantRecord } from "./tenancy.ts";
import type { Trust } from "#fleet/inventory/host-record.ts";

export type TenancyRefusal =
  | { readonly kind: "unknown"; readonly what: "tenant" | "lease" | "host"; readonly id: string }
  | { readonly kind: "name-taken"; readonly name: string }
  /** The host takes no lease; in words why. */
  | { readonly kind: "not-schedulable"; readonly words: readonly string[] }
  | { readonly kind: "lease-taken"; readonly by: LeaseId }
  | { readonly kind: "moved" };

/** Tenants and their leases, in their simple form; claimed by compare-and-swap. */
export interface Tenancy {
  tenants(): Promise<readonly TenantRecord[]>;
  addTenant(ask: {
    readonly name: string;
    readonly webhook: string | null;
    readonly by: string;
  }): Promise<Result<TenantRecord, TenancyRefusal>>;
  /** Those that run. */
  leases(): Promise<readonly LeaseRecord[]>;
  leasesOf(hostId: HostId): readonly LeaseRecord[];
  claim(ask: {
    readonly tenantId: TenantId;
    readonly hostId: HostId;
    readonly share: LeaseRecord["share"];
    readonly trust: Trust;
    readonly notice: NoticeClass;
    readonly evacuation: EvacuationStrategy;
    readonly workloads: readonly string[];
    readonly by: string;
  }): Promise<Result<LeaseRecord, TenancyRefusal>>;
  end(id: LeaseId, by: string): Promise<Result<LeaseRecord, TenancyRefusal>>;
  /** Raised by each change of the host's leases; what a cordon closed, no later claim may pass. */
  revisionOf(hostId: HostId): number;
  /**
   * The revision, once no claim of this host is under way any more: after its cordon is written, no
   * later one is granted.
   */
  settled(hostId: HostId): Promise<number>;
  /** The host's leases as they are stored: another manager may have changed them. */
  reread(hostId: HostId): Promise<void>;
}
