import type { OperationId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";

/**
 * What a manager orders of a host as part of an operation. The host refuses an epoch lower than the
 * highest it has seen, another generation or another serial than its own; it notes the order on its
 * disk before it acts, and answers a repeat from there.
 */
export interface HostOrder {
  readonly operationId: OperationId;
  /** Fencing number of the operation. */
  readonly epoch: number;
  /** Of the host's identity. */
  readonly generation: number;
  /** The host's own serial as the manager knows it; null: it knows none. */
  readonly serial: string | null;
  readonly action: OrderAction;
}

export type OrderAction =
  /** Take no new work from this epoch on; what runs goes on. */
  | { readonly kind: "fence" }
  /**
   * Move or stop what runs, by the host's adapters; answered at once, told by progress. After
   * `deadlineMs` nothing more is begun; `force` then ends hard what is left.
   */
  | {
      readonly kind: "evacuate";
      readonly deadlineMs: UnixMs;
      readonly graceMs: number;
      readonly force: boolean;
    }
  /** End an evacuation under way; what is stopped stays stopped, the fence stays. */
  | { readonly kind: "halt-evacuation" }
  /** What is there right now, asked of the adapters and the mount table anew. */
  | { readonly kind: "prove-empty" }
  /** The fence is lifted: new work is taken; what a drain stopped is started where `restart`. */
  | { readonly kind: "release"; readonly restart: boolean }
  /** Restart the system, gracefully within `graceMs`. Answered before it goes down. */
  | { readonly kind: "reboot"; readonly graceMs: number }
  | { readonly kind: "unknown" };

/** What a host says to an order, beside done, refused or failed. */
export interface OrderEvidence {
  /** Highest epoch that the host has seen. */
  readonly epoch: number;
  readonly isFenced: boolean;
  readonly workloads: readonly Workload[];
  /** Mount points of tenants' disks. */
  readonly tenantMounts: readonly string[];
  /** Adapters that could not be asked, each with the reason: then nothing is proven. */
  readonly unasked: readonly string[];
  /** When it was looked, by the manager's clock as the host reckons it; not by the host's own. */
  readonly observedMs: UnixMs;
}

/** One thing that runs for a lease, as its adapter names it. */
export interface Workload {
  /** `systemd:photo-store.service`, `hook/libvirt:guest-7`. Unique on the host. */
  readonly name: string;
  readonly state: "running" | "stopping" | "migrating" | "stopped" | "stuck";
  /** For people: `asked to stop 40 s ago, still writes`. */
  readonly detail: string;
}

/** How an evacuation gets on; sent when something changes, and every 10 s while it lasts. */
export interface OrderProgress {
  readonly operationId: OperationId;
  readonly epoch: number;
  readonly state: "running" | "ended" | "failed";
  readonly workloads: readonly Workload[];
  readonly observedMs: UnixMs;
}
