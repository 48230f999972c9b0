import type { HoldRecord } from "#fleet/lifecycle/hold.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { PlanRecord } from "#fleet/lifecycle/plan.ts";
import type { LeaseRecord, TenantRecord } from "#fleet/tenancy/tenancy.ts";
import { createReadOnce } from "./read-once.ts";
import { damagedRow } from "./store-error.ts";
import { parseHold, parseLease, parseOperation, parseTenant } from "./stored-lifecycle.ts";
import { parsePlan } from "./stored-plan.ts";
import type { HoldRow, LeaseRow, OperationRow, PlanRow, TenantRow } from "./tables.ts";

// A record stands whole in its JSON; what is asked for stands in columns as well. Where the two say
// different things somebody wrote into the database by hand: STORE_DAMAGED.

const readOperation = createReadOnce(parseOperation, 4_000);
const readPlan = createReadOnce(parsePlan, 64);
const readHold = createReadOnce(parseHold, 20_000);

export function operationToRow(record: OperationRecord): OperationRow {
  return { ...operationColumns(record), record_json: JSON.stringify(record) };
}

function operationColumns(record: OperationRecord): Omit<OperationRow, "record_json"> {
  return {
    id: record.id,
    host_id: record.hostId,
    plan_id: record.planId,
    kind: record.kind,
    status: record.status,
    version: record.version,
    started_ms: record.startedMs,
    ended_ms: record.endedMs,
  };
}

export function operationFromRow(row: OperationRow): OperationRecord {
  const record = readOperation(row.id, row.record_json);
  requireSame(row, operationColumns(record), "operation");
  return record;
}

export function planToRow(record: PlanRecord): PlanRow {
  return { ...planColumns(record), record_json: JSON.stringify(record) };
}

function planColumns(record: PlanRecord): Omit<PlanRow, "record_json"> {
  return {
    id: record.id,
    status: record.status,
    version: record.version,
    created_ms: record.createdMs,
  };
}

export function planFromRow(row: PlanRow): PlanRecord {
  const record = readPlan(row.id, row.record_json);
  requireSame(row, planColumns(record), "plan");
  return record;
}

export function holdToRow(record: HoldRecord): HoldRow {
  return { ...holdColumns(record), record_json: JSON.stringify(record) };
}

function holdColumns(record: HoldRecord): Omit<HoldRow, "record_json"> {
  return { id: record.id, host_id: record.hostId, kind: record.kind };
}

export function holdFromRow(row: HoldRow): HoldRecord {
  const record = readHold(row.id, row.record_json);
  requireSame(row, holdColumns(record), "hold");
  return record;
}

export function tenantToRow(record: TenantRecord): TenantRow {
  return {
    id: record.id,
    name: record.name,
    version: record.version,
    record_json: JSON.stringify(record),
  };
}

export function tenantFromRow(row: TenantRow): TenantRecord {
  const record = parseTenant(row.record_json);
  requireSame(row, tenantToRow(record), "tenant");
  return record;
}

export function leaseToRow(record: LeaseRecord): LeaseRow {
  return {
    id: record.id,
    host_id: record.hostId,
    tenant_id: record.tenantId,
    share: record.share,
    ended_ms: record.endedMs,
    version: record.version,
    record_json: JSON.stringify(record),
  };
}

export function leaseFromRow(row: LeaseRow): LeaseRecord {
  const record = parseLease(row.record_json);
  requireSame(row, leaseToRow(record), "lease");
  return record;
}

/** All columns but the JSON, which a later release may have written with more in it. */
export function requireSame<Row extends { readonly id: string }>(
  row: Row,
  told: Partial<Row>,
  what: string,
): void {
  for (const key of Object.keys(told) as (keyof Row)[])
    if (key !== "record_json" && row[key] !== told[key])
      throw damagedRow(`${what} ${row.id} says two things of its ${String(key)}`);
}
