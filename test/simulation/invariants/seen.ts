import type { AuditRecord } from "#fleet/audit/audit-entry.ts";
import type { HostRecord, RackRecord, SiteRecord } from "#fleet/inventory/host-record.ts";
import type { LifeChange } from "#fleet/lifecycle/life-store.ts";
import type { Verdict } from "#fleet/health/verdict.ts";
import type { HoldRecord } from "#fleet/lifecycle/hold.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { PlanRecord } from "#fleet/lifecycle/plan.ts";
import type { LeaseRecord } from "#fleet/tenancy/tenancy.ts";
import type { HostOrder } from "#proto/messages/orders.ts";
import type { HostId, OperationId } from "#proto/vocabulary/ids.ts";
import type { HostSeen } from "./host-seen.ts";

/**
 * One thing that the world saw, in the order in which it happened. A simulation tells its checkers
 * these and nothing else: what was really written (read back from the store), what hosts were really
 * told and did, what people really asked. `atMs` is the world's own time: no clock of a manager.
 */
export type Seen = { readonly atMs: number } & (
  | Estate
  | Restored
  | Written
  | HostWritten
  | HostRemoved
  | Audited
  | Sent
  | Told
  | Did
  | HostIs
  | Heard
  | Asked
  | HostSeen
  | FreezeIs
  | TakenOver
  | { readonly kind: "manager"; readonly manager: string; readonly is: ManagerIs }
  /** Nothing is disturbed from now on. */
  | { readonly kind: "calm" }
  /** Nothing was disturbed for ten minutes: what is open in the store now. */
  | {
      readonly kind: "settled";
      readonly operations: readonly OperationRecord[];
      readonly plans: readonly PlanRecord[];
      /** What the plans say that each of their hosts waits for. */
      readonly waitsOf: (
        plan: PlanRecord,
        hostId: HostId,
      ) => readonly { words: string; who: string }[];
      /** Whether the store needs people who look at it, as it says and as the manager that answers does. */
      readonly safeMode: { readonly inStore: boolean; readonly atManager: boolean };
    }
);

export type ManagerIs = "started" | "killed" | "paused" | "resumed" | "stopped";

/** At the start, and once more when a store was restored: all that was there before is void. */
export interface StoreContents {
  readonly hosts: readonly HostRecord[];
  readonly operations: readonly OperationRecord[];
  readonly holds: readonly HoldRecord[];
  readonly leases: readonly LeaseRecord[];
  /** The last record of the audit; null: there is none. */
  readonly auditHead: { readonly seq: number; readonly sha256: string } | null;
  /** null: it is not frozen; so it is where nobody says. */
  readonly freeze?: { readonly liftAsked: { readonly by: string } | null } | null;
}

interface Estate extends StoreContents {
  readonly kind: "estate";
  readonly sites: readonly SiteRecord[];
  readonly racks: readonly RackRecord[];
}

interface Restored extends StoreContents {
  readonly kind: "restored";
}

/** One change of the lifecycle that is in the store now, whatever its writer heard of that. */
export interface Written {
  readonly kind: "written";
  readonly manager: string;
  readonly change: LifeChange;
  /** As they are in the store now, read after the write. */
  readonly hosts: readonly HostRecord[];
  readonly operations: readonly OperationRecord[];
  /** Records that the audit has since the last look. */
  readonly audit: readonly AuditRecord[];
}

/** A host's record that was written outside of the lifecycle: a session, a place. */
export interface HostWritten {
  readonly kind: "host-written";
  readonly manager: string;
  readonly record: HostRecord;
  readonly isNew: boolean;
}

export interface HostRemoved {
  readonly kind: "host-removed";
  readonly manager: string;
  readonly hostId: HostId;
}

/** The audit has grown without a change of the lifecycle. */
export interface Audited {
  readonly kind: "audited";
  readonly audit: readonly AuditRecord[];
}

/** Operations that ended elsewhere, before their host came here: they are in its journal now. */
export interface TakenOver {
  readonly kind: "taken-over";
  readonly operations: readonly OperationRecord[];
}

/** Whether the cell is frozen by the store, read after somebody said so or asked to lift it. */
export interface FreezeIs {
  readonly kind: "freeze-is";
  /** Through whom it was said. */
  readonly manager: string;
  readonly isFrozen: boolean;
}

/** A manager gave an order away; whether it arrives is another matter. */
export interface Sent {
  readonly kind: "sent";
  readonly manager: string;
  readonly hostId: HostId;
  readonly term: number;
  readonly order: HostOrder;
}

/** An order arrived at a host. */
export interface Told {
  readonly kind: "told";
  readonly hostId: HostId;
  readonly term: number;
  readonly order: HostOrder;
  /** When it was given away, by the world's time. */
  readonly sentMs: number;
  /** What the host knew before it came. */
  readonly seenTerm: number;
  readonly seenEpoch: number;
  readonly result: "done" | "repeated" | "refused" | "failed";
}

/** A host really did something by an order: once for each time that it did. */
export interface Did {
  readonly kind: "did";
  readonly hostId: HostId;
  readonly term: number;
  readonly seenTerm: number;
  readonly seenEpoch: number;
  readonly sentMs: number;
  readonly order: HostOrder;
}

/** What is really so on a host; told whenever any of it changes. */
export interface HostIs {
  readonly kind: "host-is";
  readonly hostId: HostId;
  readonly isOn: boolean;
  readonly isFenced: boolean;
  /** Names of what runs there for tenants. */
  readonly running: readonly string[];
  readonly verdict: Verdict;
  readonly bootId: string;
}

/** Whether signs of life of a host reach the managers. */
export interface Heard {
  readonly kind: "heard";
  readonly hostId: HostId;
  readonly isHeard: boolean;
}

/** What a person asked for, before it was answered (`answer` undefined) and after. */
export interface Asked {
  readonly kind: "asked";
  readonly by: string;
  readonly approvedBy: string | null;
  /** `drain`, `reboot`, `return`, `clear`, `plan`, `apply`, `cancel`, `claim`, `remove` … */
  readonly verb: string;
  /** What it is about: hosts of a plan, or the one host. */
  readonly hostIds: readonly HostId[];
  readonly operationId?: OperationId;
  readonly answer?: "ok" | "refused";
}
