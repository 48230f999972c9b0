import type { Verdict } from "#fleet/health/verdict.ts";
import type { HostRecord, RackRecord, SiteRecord } from "#fleet/inventory/host-record.ts";
import type { LinkState } from "#fleet/inventory/links.ts";
import type { LeaseRecord, TenantRecord } from "#fleet/tenancy/tenancy.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { HoldRecord } from "../hold.ts";
import type { OperationRecord } from "../operation.ts";
import type { PlaceIndex } from "./place-index.ts";

/**
 * All that a plan is judged by, as it was at one moment. Whoever plans gets one and asks nobody
 * else: the same snapshot gives the same plan.
 */
export interface FleetSnapshot {
  readonly nowMs: UnixMs;
  /** Since when this manager leads and hears: who was not heard since is not known to serve, nor to be lost. */
  readonly leadsSinceMs: UnixMs;
  readonly hosts: readonly HostRecord[];
  /** The same hosts by where they stand; absent: made when it is first wanted. */
  readonly places?: PlaceIndex;
  readonly racks: readonly RackRecord[];
  readonly sites: readonly SiteRecord[];
  readonly holds: readonly HoldRecord[];
  /** Those that run. */
  readonly leases: readonly LeaseRecord[];
  readonly tenants: readonly TenantRecord[];
  /** Those that have not ended. */
  readonly operations: readonly OperationRecord[];
  /** When the operations of the last minute began, ended ones too. */
  readonly startsMs: readonly UnixMs[];
  /** A host that is missing here was never heard and is not measured. */
  readonly observed: ObservedHosts;
  /** Hosts that run the fleet itself. */
  readonly management: ReadonlySet<HostId>;
  /** Hosts whose BMC is known and may be asked; absent: none is. */
  readonly withBmc?: Pick<ReadonlySet<HostId>, "has">;
}

export interface ObservedHosts {
  get(hostId: HostId): ObservedHost | undefined;
  /** Connected, and not failed: the same as `get` says, cheaper; absent: ask that. */
  isUp?(hostId: HostId): boolean;
}

export interface ObservedHost {
  readonly link: LinkState;
  readonly linkSinceMs: UnixMs | null;
  readonly lastHeardMs: UnixMs | null;
  readonly verdict: Verdict;
  /** null: not measured, or too long ago. */
  readonly watts: { readonly value: number; readonly atMs: UnixMs } | null;
}

export const unobserved: ObservedHost = {
  link: "never",
  linkSinceMs: null,
  lastHeardMs: null,
  verdict: "unknown",
  watts: null,
};
