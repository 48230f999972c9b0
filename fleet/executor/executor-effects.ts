import type { OperationKind } from "#fleet/inventory/running-operation.ts";
import type { HealthReader } from "#fleet/health/health-reader.ts";
import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Links } from "#fleet/inventory/links.ts";
import type { Execution } from "#fleet/lifecycle/execution.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { Why } from "#fleet/lifecycle/why.ts";
import type { LeaseRecord, TenantRecord } from "#fleet/tenancy/tenancy.ts";
import type { Tenancy } from "#fleet/tenancy/tenancy-desk.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { BmcDesk } from "./bmc-desk.ts";
import type { HostPort } from "./host-port.ts";

export interface ExecutorEffects {
  readonly execution: Execution;
  readonly hosts: HostPort;
  /** Absent: no host's BMC is known. */
  readonly bmcDesk?: BmcDesk;
  readonly tenancy: Pick<Tenancy, "tenants" | "leasesOf" | "settled" | "revisionOf" | "end">;
  readonly inventory: Pick<Inventory, "hardwareDifferences">;
  readonly links: Links;
  readonly health: Pick<HealthReader, "view">;
  readonly notify: NotifyPort;
  readonly reserve: Reserve;
  readonly clock: Clock;
  readonly events: FleetEvents;
  readonly log: Log;
  /**
   * Whether this manager leads its cell right now and may carry out operations of this kind; it acts
   * only while it does. Locating goes on while the others are frozen.
   */
  readonly leads: (kind: OperationKind) => boolean;
  /** What stops all automation at a host now: a domain event; null, or absent: nothing. */
  readonly whyStopped?: (host: HostRecord) => Why | null;
  /** For tests; does nothing in production. */
  readonly failPoint?: (name: string) => void;
}

/** How tenants are told. Never rejects: what could not be delivered is said so. */
export interface NotifyPort {
  tell(notice: Notice): Promise<{
    readonly isDelivered: boolean;
    /** `https://acme.example/hook answered 204`, `acme has no address`. */
    readonly detail: string;
  }>;
}

export interface Notice {
  /** The same for the same notice, however often it is sent. */
  readonly key: string;
  readonly tenant: TenantRecord;
  readonly leases: readonly LeaseRecord[];
  readonly host: HostRecord;
  readonly operation: OperationRecord;
  /** When it begins to move. */
  readonly fromMs: UnixMs;
  /** What happens, when, and what may be done about it, in sentences. */
  readonly words: string;
}

/**
 * Sees to it that what has to move has a place, before anything stops; asked again it finds what it
 * reserved. Answers what was found, in words, or why there is none.
 */
export type Reserve = (ask: {
  readonly host: HostRecord;
  readonly operation: OperationRecord;
  /** Those that migrate or are replaced. */
  readonly leases: readonly LeaseRecord[];
}) => Promise<Result<string, readonly Why[]>>;
