import type { OperationKind } from "#fleet/inventory/running-operation.ts";
import type { Phase } from "#fleet/inventory/host-record.ts";
import type { HostId, LeaseId, OperationId, PlanId, TenantId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { PowerOrder } from "./power.ts";
import type { Why } from "./why.ts";

/** Whether it served when an operation began, or was lost already: silent, or failed by its health. */
export const hostFinds = ["serving", "silent", "failed"] as const;
export type HostFound = (typeof hostFinds)[number];

/** `running` goes on by itself; `paused` waits for a person; the others have ended. */
export const operationStatuses = ["running", "paused", "done", "failed", "canceled"] as const;
export type OperationStatus = (typeof operationStatuses)[number];

/**
 * One exclusive operation on one host, journalled. Each step: its intent is written, it acts with
 * (operation, epoch, step, attempt) as its key, its outcome is written. After a restart the world is
 * read first; a step that has an intent and no outcome is asked, never assumed.
 */
export interface OperationRecord {
  readonly id: OperationId;
  readonly hostId: HostId;
  readonly kind: OperationKind;
  readonly epoch: number;
  readonly planId: PlanId | null;
  readonly status: OperationStatus;
  readonly fromPhase: Phase;
  /** One of the steps of its kind. */
  readonly step: string;
  /** `intent`: about to act, or acting; `waiting`: acted, waits for the world; `between`: not begun. */
  readonly stepState: "between" | "intent" | "waiting";
  readonly stepSinceMs: UnixMs;
  /** Of this step, from 1. */
  readonly attempt: number;
  readonly why: readonly Why[];
  readonly reason: string;
  readonly by: string;
  readonly startedMs: UnixMs;
  /**
   * How its host was when it began: what a wall clock that leaps cannot say later. Absent: begun by
   * an earlier release, and judged by the moments that are noted.
   */
  readonly found?: HostFound;
  /**
   * Where it was found silent: when it was heard last, as that was known then. By this its silence is
   * known again, and told from a later one. Absent: never, or begun by an earlier release.
   */
  readonly foundHeardMs?: UnixMs;
  readonly deadlineMs: UnixMs | null;
  readonly endedMs: UnixMs | null;
  /** Last time anything moved: for `stalled`. */
  readonly progressMs: UnixMs;
  /** What its kind needs to know; see the kind. */
  readonly detail: OperationDetail;
  /** Steps that have ended, in order. */
  readonly history: readonly StepEnd[];
  /** Counts every change of this record; writers give the one they read. */
  readonly version: number;
}

export interface StepEnd {
  readonly step: string;
  readonly startedMs: UnixMs;
  readonly endedMs: UnixMs;
  readonly attempts: number;
  readonly outcome: "done" | "failed" | "skipped" | "canceled";
  /** What was seen: `fence epoch 7 acknowledged by agent and tenancy`. */
  readonly evidence: string;
}

export type OperationDetail =
  | DrainDetail
  | RebootDetail
  | { readonly kind: "return" }
  /** Where the host was before it was quarantined, and goes back to. */
  | { readonly kind: "clear"; readonly backTo: Phase }
  | PowerDetail
  | LocateDetail
  | { readonly kind: "other" };

export type DrainKind = "planned" | "degraded" | "emergency";

/** What drain remembers; steps `cordon`, `notify`, `reserve`, `evacuate`, `prove`. */
export interface DrainDetail {
  readonly kind: "drain";
  readonly drain: DrainKind;
  /** At the deadline workloads are stopped hard; else it pauses and says so. */
  readonly force: boolean;
  /** What a graceful stop may take, inside the deadline. */
  readonly graceMs: number;
  /** How long it may take in all; given again when a paused drain is resumed. */
  readonly allowedMs: number;
  /** Who has acknowledged the fence, each at which revision. */
  readonly fence: {
    readonly agentAckMs: UnixMs | null;
    readonly tenancyAckMs: UnixMs | null;
    /** Revision of the host's leases when placement was closed. */
    readonly tenancyRevision: number | null;
  };
  /** What the agent last said is still there. */
  readonly remaining: readonly string[] | null;
  /** Who was told, one for each tenant with a lease; empty until the step `notify`. */
  readonly notices: readonly NoticeRecord[];
  readonly proof: DrainProof | null;
}

/** That a tenant was told, or could not be. */
export interface NoticeRecord {
  readonly tenantId: TenantId;
  readonly leases: readonly LeaseId[];
  readonly toldMs: UnixMs;
  /** Nothing of theirs moves before; `toldMs` in an emergency. */
  readonly untilMs: UnixMs;
  readonly isDelivered: boolean;
  /** `https://acme.example/hook answered 204`. */
  readonly detail: string;
}

/** Two sources, one epoch, both fresh. */
export interface DrainProof {
  readonly epoch: number;
  readonly agentMs: UnixMs;
  readonly tenancyMs: UnixMs;
  readonly tenancyRevision: number;
  /** `agent` where the host is operated; `power-off` or `serial` where it cannot be asked. */
  readonly by: "agent" | "power-off" | "typed-serial";
}

/** Steps `ask`, `down`, `back`. */
export interface RebootDetail {
  readonly kind: "reboot";
  readonly bootIdBefore: string | null;
  /** What a graceful stop may take. */
  readonly graceMs: number;
  /** Until then a host that was asked may still take the order; absent: it was never asked. */
  readonly askedUntilMs?: UnixMs;
}

/** Steps `order`, `seen`. */
export interface PowerDetail {
  readonly kind: "power";
  readonly power: PowerOrder;
  readonly bootIdBefore: string | null;
  /** Written before each order: whoever goes on after a death reads the world, and orders nothing twice. */
  readonly ordered: {
    readonly atMs: UnixMs;
    readonly times: number;
    /** Its agent was connected then, so that its going is evidence. */
    readonly wasHeard: boolean;
  } | null;
  /** Since when its BMC says what is wanted, without a word against it. */
  readonly seenSinceMs: UnixMs | null;
}

/** Steps `light`, `keep`. */
export interface LocateDetail {
  readonly kind: "locate";
  readonly isOn: boolean;
  readonly untilMs: UnixMs;
}
