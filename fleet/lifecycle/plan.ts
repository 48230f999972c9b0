import type { OperationKind } from "#fleet/inventory/running-operation.ts";
import type { Phase } from "#fleet/inventory/host-record.ts";
import type { HostId, OperationId, PlanId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { DrainKind } from "./operation.ts";
import type { PowerOrder } from "./power.ts";
import type { Why } from "./why.ts";

/** What a plan does to each of its hosts. */
export type PlanAction =
  | {
      readonly kind: "drain";
      readonly drain: DrainKind;
      readonly deadlineMs: number;
      readonly force: boolean;
      readonly graceMs: number;
    }
  | { readonly kind: "reboot"; readonly graceMs: number }
  | { readonly kind: "return" }
  | { readonly kind: "clear" }
  | { readonly kind: "power"; readonly power: PowerOrder }
  /** Its light blinks for so long, or goes out. */
  | { readonly kind: "locate"; readonly isOn: boolean; readonly forMs: number };
export type PlanKind = Extract<OperationKind, PlanAction["kind"]>;

export type PlanStatus =
  | "planned"
  | "applying"
  | "paused"
  /** A stop rule ended it; `stopped` says which. */
  | "stopped"
  | "done"
  | "canceled"
  | "expired";

/**
 * A frozen list of hosts and what will be done to each: immutable but for its progress. The hash
 * covers action, selector, reason and hosts with their revisions: apply names it.
 */
export interface PlanRecord {
  readonly id: PlanId;
  /** SHA-256 over the canonical JSON of what is frozen, hex. */
  readonly hash: string;
  readonly action: PlanAction;
  readonly selector: string;
  readonly reason: string;
  readonly createdBy: string;
  /** Absent: a person made it. */
  readonly createdByKind?: "automation";
  readonly createdMs: UnixMs;
  readonly expiresMs: UnixMs;
  readonly hosts: readonly PlanHost[];
  readonly blast: BlastRadius;
  readonly warnings: readonly string[];
  /** What cannot be taken back, in sentences. */
  readonly irreversible: readonly string[];
  /** From the history of such operations; null: there is none. */
  readonly predictedMs: number | null;
  readonly pace: PlanPace;
  readonly status: PlanStatus;
  /** null until applied. */
  readonly appliedBy: string | null;
  readonly appliedMs: UnixMs | null;
  readonly endedMs: UnixMs | null;
  /** Why it waits, is paused or was stopped; empty while it goes on. */
  readonly why: readonly Why[];
  readonly version: number;
}

export interface PlanHost {
  readonly hostId: HostId;
  readonly name: string;
  readonly serial: string | null;
  /** Record's revision when it was planned: a host that moved since is skipped. */
  readonly revision: number;
  readonly phase: Phase;
  readonly rack: string | null;
  readonly hardwareClass: string | null;
  /** 0 is the canary; one that cannot take part stands after the last wave and is `skipped`. */
  readonly wave: number;
  readonly steps: readonly string[];
  readonly state: "waiting" | "running" | "done" | "skipped" | "failed" | "set-aside";
  readonly why: readonly Why[];
  readonly operationId: OperationId | null;
  readonly endedMs: UnixMs | null;
}

export interface PlanPace {
  /** Of each wave, in hosts; the canary first. */
  readonly waves: readonly number[];
  readonly soakMs: number;
  readonly atOnceMax: number;
  /** Failures by cause that end it: a bad image at once, broken hosts by share. */
  readonly brokenShareMax: number;
}

export interface BlastRadius {
  readonly hosts: number;
  readonly tenants: readonly { readonly tenant: string; readonly leases: number }[];
  /** What stays for sale of each class in each site. */
  readonly classes: readonly {
    readonly hardwareClass: string;
    readonly site: string;
    readonly total: number;
    readonly outNow: number;
    readonly outDuring: number;
    readonly floor: number;
  }[];
  readonly feeds: readonly FeedLoad[];
  readonly racks: readonly {
    readonly rack: string;
    readonly hosts: number;
    readonly inPlan: number;
    readonly atOnce: number;
  }[];
  /** Several shares of one tenant that would be out together. */
  readonly sharedFate: readonly {
    readonly tenant: string;
    readonly rack: string;
    readonly leases: number;
  }[];
  /** Hosts of the plan that run the fleet itself. */
  readonly ownManagement: readonly string[];
  /** Share of the hosts whose watts are measured. */
  readonly wattsCoverage: number;
}

/**
 * Watts on one feed of one rack: the sum of what is measured, so at least that much; null: no host
 * there is measured.
 */
export interface FeedLoad {
  readonly rack: string;
  readonly feed: string;
  /** Hosts in the rack, and how many of them nobody measures: their watts are missing in the sums. */
  readonly hosts: number;
  readonly unmeasuredHosts: number;
  readonly budgetWatts: number | null;
  readonly nowWatts: number | null;
  readonly duringWatts: number | null;
  /** During, when the rack's other feed is dead as well. */
  readonly ifOtherFailsWatts: number | null;
}
