import type { AuditEntry } from "#fleet/audit/audit-entry.ts";
import type { HoldRecord } from "#fleet/lifecycle/hold.ts";
import type { DrainDetail, OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { PlanRecord } from "#fleet/lifecycle/plan.ts";
import type { Why } from "#fleet/lifecycle/why.ts";
import type { LeaseRecord, TenantRecord } from "#fleet/tenancy/tenancy.ts";
import type { HoldId, LeaseId, OperationId, PlanId, TenantId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf } from "./inventory-builders.ts";
import { virtualStartMs } from "./virtual-clock.ts";

/** The same kind and number give the same id; ids of a kind sort as their numbers do. */
function idOf(kind: string, number: number): string {
  return `01930000-0000-7${kind}-8000-${number.toString(16).padStart(12, "0")}`;
}

export const operationIdOf = (number: number) => idOf("a01", number) as OperationId;
export const planIdOf = (number: number) => idOf("b01", number) as PlanId;
export const holdIdOf = (number: number) => idOf("c01", number) as HoldId;
export const leaseIdOf = (number: number) => idOf("d01", number) as LeaseId;
export const tenantIdOf = (number: number) => idOf("e01", number) as TenantId;

const startMs = unixMs(virtualStartMs);

export const someWhy: Why = {
  code: "budget",
  words: "rack fra2/row-b/rack-07 has 1 of 1 hosts out",
  who: "time",
  command: null,
  untilMs: virtualStartMs + 60_000,
};

export const drainDetail: DrainDetail = {
  kind: "drain",
  drain: "planned",
  force: false,
  graceMs: 60_000,
  allowedMs: 3_600_000,
  fence: { agentAckMs: null, tenancyAckMs: null, tenancyRevision: null },
  remaining: null,
  notices: [],
  proof: null,
};

/** A drain of host 1 that has just begun, version 1. */
export function operationRecord(
  number: number,
  facts: Partial<OperationRecord> = {},
): OperationRecord {
  return {
    id: operationIdOf(number),
    hostId: hostIdOf(1),
    kind: "drain",
    epoch: 1,
    planId: null,
    status: "running",
    fromPhase: "active",
    step: "cordon",
    stepState: "between",
    stepSinceMs: startMs,
    attempt: 1,
    why: [],
    reason: "new memory",
    by: "ada",
    startedMs: startMs,
    deadlineMs: null,
    endedMs: null,
    progressMs: startMs,
    detail: drainDetail,
    history: [],
    version: 1,
    ...facts,
  };
}

/** A plan to drain host 1, version 1. */
export function planRecord(number: number, facts: Partial<PlanRecord> = {}): PlanRecord {
  return {
    id: planIdOf(number),
    hash: "c".repeat(64),
    action: {
      kind: "drain",
      drain: "planned",
      deadlineMs: 3_600_000,
      force: false,
      graceMs: 60_000,
    },
    selector: "rack=fra2/row-b/rack-07",
    reason: "new memory",
    createdBy: "ada",
    createdMs: startMs,
    expiresMs: unixMs(virtualStartMs + 86_400_000),
    hosts: [
      {
        hostId: hostIdOf(1),
        name: "host-1",
        serial: null,
        revision: 1,
        phase: "active",
        rack: "fra2/row-b/rack-07",
        hardwareClass: null,
        wave: 0,
        steps: ["cordon", "notify"],
        state: "waiting",
        why: [],
        operationId: null,
        endedMs: null,
      },
    ],
    blast: {
      hosts: 1,
      tenants: [{ tenant: "photo", leases: 1 }],
      classes: [],
      feeds: [],
      racks: [{ rack: "fra2/row-b/rack-07", hosts: 2, inPlan: 1, atOnce: 1 }],
      sharedFate: [],
      ownManagement: [],
      wattsCoverage: 0.5,
    },
    warnings: [],
    irreversible: [],
    predictedMs: null,
    pace: { waves: [1], soakMs: 120_000, atOnceMax: 1, brokenShareMax: 0.1 },
    status: "planned",
    appliedBy: null,
    appliedMs: null,
    endedMs: null,
    why: [],
    version: 1,
    ...facts,
  };
}

export function holdRecord(number: number, facts: Partial<HoldRecord> = {}): HoldRecord {
  return {
    id: holdIdOf(number),
    hostId: hostIdOf(1),
    kind: "cordon",
    holder: "ada",
    holderKind: "operator",
    reason: "looks odd",
    createdMs: startMs,
    expiresMs: null,
    reviewMs: null,
    forWhom: null,
    leaseId: null,
    ...facts,
  };
}

export function tenantRecord(number: number, facts: Partial<TenantRecord> = {}): TenantRecord {
  return {
    id: tenantIdOf(number),
    name: `tenant-${number}`,
    webhook: null,
    createdMs: startMs,
    version: 1,
    ...facts,
  };
}

/** An exclusive lease of tenant 1 on host 1, version 1. */
export function leaseRecord(number: number, facts: Partial<LeaseRecord> = {}): LeaseRecord {
  return {
    id: leaseIdOf(number),
    tenantId: tenantIdOf(1),
    hostId: hostIdOf(1),
    share: "exclusive",
    trust: "operated",
    notice: "none",
    evacuation: "wait",
    workloads: ["systemd:photo-store.service"],
    startsMs: startMs,
    endedMs: null,
    version: 1,
    createdBy: "ada",
    ...facts,
  };
}

export function auditEntry(action: string, facts: Partial<AuditEntry> = {}): AuditEntry {
  return {
    atMs: startMs,
    actor: "ada",
    actorKind: "person",
    action,
    outcome: "done",
    subject: { kind: "host", id: hostIdOf(1), name: "host-1", serial: null, rack: null },
    reason: null,
    planHash: null,
    facts: {},
    ...facts,
  };
}
