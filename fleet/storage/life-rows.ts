import type { HoldRecord } from "#fleet/lifecycle/hold.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { PlanRecord } from "#fleet/lifecycle/plan.ts";
import type { LeaseRecord, TenantRecord } from "#fleet/tenancy/tenancy.ts";
import type { HoldRow, LeaseRow, OperationRow, PlanRow, TenantRow } from "./life-columns.ts";
import { createReadOnce } from "./read-once.ts";
import { createRecordRows } from "./record-rows.ts";
import { parseHold, parseLease, parseOperation, parseTenant } from "./stored-lifecycle.ts";
import { parsePlan } from "./stored-plan.ts";

export const { toRow: operationToRow, fromRow: operationFromRow } = createRecordRows({
  what: "operation",
  columns: (record: OperationRecord): Omit<OperationRow, "record_json"> => ({
    id: record.id,
    host_id: record.hostId,
    plan_id: record.planId,
    kind: record.kind,
    status: record.status,
    version: record.version,
    started_ms: record.startedMs,
    ended_ms: record.endedMs,
  }),
  read: createReadOnce(parseOperation, 4_000),
});

export const { toRow: planToRow, fromRow: planFromRow } = createRecordRows({
  what: "plan",
  columns: (record: PlanRecord): Omit<PlanRow, "record_json"> => ({
    id: record.id,
    status: record.status,
    version: record.version,
    created_ms: record.createdMs,
  }),
  read: createReadOnce(parsePlan, 64),
});

export const { toRow: holdToRow, fromRow: holdFromRow } = createRecordRows({
  what: "hold",
  columns: (record: HoldRecord): Omit<HoldRow, "record_json"> => ({
    id: record.id,
    host_id: record.hostId,
    kind: record.kind,
  }),
  read: createReadOnce(parseHold, 20_000),
});

export const { toRow: tenantToRow, fromRow: tenantFromRow } = createRecordRows({
  what: "tenant",
  columns: (record: TenantRecord): Omit<TenantRow, "record_json"> => ({
    id: record.id,
    name: record.name,
    version: record.version,
  }),
  read: (_, json) => parseTenant(json),
});

export const { toRow: leaseToRow, fromRow: leaseFromRow } = createRecordRows({
  what: "lease",
  columns: (record: LeaseRecord): Omit<LeaseRow, "record_json"> => ({
    id: record.id,
    host_id: record.hostId,
    tenant_id: record.tenantId,
    share: record.share,
    ended_ms: record.endedMs,
    version: record.version,
  }),
  read: (_, json) => parseLease(json),
});
