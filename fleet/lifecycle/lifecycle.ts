import type { HostRecord, Phase } from "#fleet/inventory/host-record.ts";
import type { LeaseRecord } from "#fleet/tenancy/tenancy.ts";
import type { HoldId, HostId, OperationId, PlanId } from "#proto/vocabulary/ids.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { HoldKind, HoldRecord } from "./hold.ts";
import type { HostFound, OperationRecord } from "./operation.ts";
import type { PlanAction, PlanHost, PlanKind, PlanRecord } from "./plan.ts";
import type { PowerReading } from "./power.ts";
import type { Why } from "./why.ts";

/** Who asks, and why; both go into the audit. */
export interface Asker {
  readonly name: string;
  readonly kind: "person" | "automation";
  readonly reason: string;
  /** The second person, where two must agree; never the same as `name`. */
  readonly approvedBy?: string;
}

/** Why not, with the exits; `conflict`: somebody else was faster, ask again. */
export type LifeRefusal =
  | { readonly kind: "unknown"; readonly what: string }
  | { readonly kind: "refused"; readonly why: readonly Why[] }
  | { readonly kind: "conflict"; readonly words: string };

/** What may be done to hosts, and what is being done. Built by `createLifecycle` over its store. */
export interface Lifecycle {
  /** Starts an operation on one host. The same one asked twice is the same one. */
  start(ask: {
    readonly hostId: HostId;
    readonly action: PlanAction;
    readonly planId: PlanId | null;
    readonly asker: Asker;
    /** How its host is, by whoever counted what is out; see `OperationRecord`. */
    readonly found?: HostFound;
    readonly foundHeardMs?: UnixMs;
  }): Promise<Result<OperationRecord, LifeRefusal>>;
  pause(id: OperationId, asker: Asker): Promise<Result<OperationRecord, LifeRefusal>>;
  resume(id: OperationId, asker: Asker): Promise<Result<OperationRecord, LifeRefusal>>;
  cancel(id: OperationId, asker: Asker): Promise<Result<OperationRecord, LifeRefusal>>;
  /** "It is off, and this is its serial": the way out for a host that cannot be asked. */
  confirmOff(
    id: OperationId,
    serial: string,
    asker: Asker,
  ): Promise<Result<OperationRecord, LifeRefusal>>;
  operation(id: OperationId): Promise<OperationRecord | undefined>;
  operations(ask: {
    readonly hostId?: HostId;
    readonly planId?: PlanId;
    readonly before: OperationId | null;
    readonly limit: number;
  }): Promise<readonly OperationRecord[]>;
  addHold(
    ask: {
      readonly hostId: HostId;
      readonly kind: HoldKind;
      readonly expiresMs: UnixMs | null;
      readonly reviewMs: UnixMs | null;
      readonly forWhom: string | null;
    },
    asker: Asker,
  ): Promise<Result<HoldRecord, LifeRefusal>>;
  releaseHold(id: HoldId, asker: Asker): Promise<Result<HoldRecord, LifeRefusal>>;
  /** Ends (or begins again) that a host is only watched. */
  setWatchedOnly(
    hostId: HostId,
    watchedOnly: boolean,
    asker: Asker,
  ): Promise<Result<HostRecord, LifeRefusal>>;
  /** What its BMC says of its power now; refused with `bmc` where it cannot be asked. */
  power(hostId: HostId): Promise<Result<PowerReading, LifeRefusal>>;
  /** From memory: what the lists show of a host. */
  view(host: HostRecord): LifeView;
  /** Everything about one host: what is so, why, what comes next and when, who can change it. */
  explain(hostId: HostId): Promise<LifeExplanation | undefined>;
}

export interface LifeView {
  /** The running operation's word, or the phase. */
  readonly lifecycle: string;
  readonly holds: readonly HoldRecord[];
  readonly leases: readonly LeaseRecord[];
  readonly isSchedulable: boolean;
  /** Empty where it is. */
  readonly whyNotSchedulable: readonly Why[];
  readonly data: "unknown" | "clean" | "tainted" | "unreadable" | "in-custody" | "destroyed";
}

export interface LifeExplanation {
  readonly phase: Phase;
  readonly sinceMs: UnixMs | null;
  readonly view: LifeView;
  readonly operation: OperationRecord | null;
  /** What the operation, or the host, waits for; each with its exit. */
  readonly waitsFor: readonly Why[];
  /** What happens next by itself, in words, and when; null where nothing does. */
  readonly next: { readonly words: string; readonly atMs: UnixMs | null } | null;
  /** For each verb: may it be done now, and if not, why. */
  readonly verbs: readonly {
    readonly verb: string;
    readonly isAllowed: boolean;
    readonly why: readonly Why[];
  }[];
}

export interface PlanJudgement {
  readonly waits: readonly Why[];
  /** Budgets, starts, domain events: no matter of the host itself. */
  readonly verbs: ReadonlyMap<PlanKind, readonly Why[]>;
}

/** Plans over many hosts. Built by `createPlans`. */
export interface Plans {
  /** `hostIds` is what the selector meant when it was resolved; empty is refused by who resolves. */
  plan(ask: {
    readonly action: PlanAction;
    readonly selector: string;
    readonly hostIds: readonly HostId[];
    readonly asker: Asker;
  }): Promise<Result<PlanRecord, LifeRefusal>>;
  /** `hash` must be the plan's: what was shown is what is applied. */
  apply(id: PlanId, hash: string, asker: Asker): Promise<Result<PlanRecord, LifeRefusal>>;
  pause(id: PlanId, asker: Asker): Promise<Result<PlanRecord, LifeRefusal>>;
  resume(id: PlanId, asker: Asker): Promise<Result<PlanRecord, LifeRefusal>>;
  cancel(id: PlanId, asker: Asker): Promise<Result<PlanRecord, LifeRefusal>>;
  find(id: PlanId): Promise<PlanRecord | undefined>;
  list(ask: {
    readonly before: PlanId | null;
    readonly limit: number;
  }): Promise<readonly PlanRecord[]>;
  /**
   * How a host stands among the others now: what plans under way wait for there, and for each kind of
   * operation what of the fleet would hold it back. Looked at anew once a second at most.
   */
  judge(hostId: HostId): Promise<PlanJudgement>;
  /** What holds a host of an applied plan back, newest judgement; empty: nothing does. */
  waiting(plan: PlanRecord, host: PlanHost): readonly Why[];
}
