import { Compile } from "typebox/compile";
import { type Static, type TSchema, Type } from "typebox";
import { phases, trusts } from "#fleet/inventory/host-record.ts";
import { operationKinds } from "#fleet/inventory/running-operation.ts";
import { holdKinds } from "#fleet/lifecycle/hold.ts";
import { hostFinds, type OperationRecord, operationStatuses } from "#fleet/lifecycle/operation.ts";
import { powerOrders } from "#fleet/lifecycle/power.ts";
import type { HoldRecord } from "#fleet/lifecycle/hold.ts";
import { whyCodes } from "#fleet/lifecycle/why.ts";
import {
  evacuationStrategies,
  type LeaseRecord,
  type NoticeClass,
  noticeClasses,
  type TenantRecord,
} from "#fleet/tenancy/tenancy.ts";
import type {
  HoldId,
  HostId,
  LeaseId,
  OperationId,
  PlanId,
  TenantId,
} from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { damagedRow } from "./store-error.ts";
import { parseJson } from "./stored-json.ts";

// JSON in the tables of the lifecycle. A damaged record is an error, never a record that is not
// there: a host whose operation or hold cannot be read must not be taken for one that is free.

export const text = Type.Union([Type.String(), Type.Null()]);
export const count = Type.Integer({ minimum: 0 });
export const time = Type.Unsafe<UnixMs>(Type.Number());
export const maybeTime = Type.Union([time, Type.Null()]);
export const hostId = Type.Unsafe<HostId>(Type.String());
export const planId = Type.Unsafe<PlanId>(Type.String());
export const operationId = Type.Unsafe<OperationId>(Type.String());
const leaseId = Type.Unsafe<LeaseId>(Type.String());
const tenantId = Type.Unsafe<TenantId>(Type.String());
export const phase = Type.Enum([...phases]);

export const whySchema = Type.Object({
  code: Type.Enum([...whyCodes]),
  words: Type.String(),
  who: Type.String(),
  command: text,
  untilMs: Type.Union([Type.Number(), Type.Null()]),
});

export const drainKind = Type.Enum(["planned", "degraded", "emergency"]);

const detailSchema = Type.Union([
  Type.Object({
    kind: Type.Literal("drain"),
    drain: drainKind,
    force: Type.Boolean(),
    graceMs: Type.Number(),
    allowedMs: Type.Number(),
    fence: Type.Object({
      agentAckMs: maybeTime,
      tenancyAckMs: maybeTime,
      tenancyRevision: Type.Union([count, Type.Null()]),
    }),
    remaining: Type.Union([Type.Array(Type.String()), Type.Null()]),
    notices: Type.Array(
      Type.Object({
        tenantId,
        leases: Type.Array(leaseId),
        toldMs: time,
        untilMs: time,
        isDelivered: Type.Boolean(),
        detail: Type.String(),
      }),
    ),
    proof: Type.Union([
      Type.Object({
        epoch: count,
        agentMs: time,
        tenancyMs: time,
        tenancyRevision: count,
        by: Type.Enum(["agent", "power-off", "typed-serial"]),
      }),
      Type.Null(),
    ]),
  }),
  Type.Object({
    kind: Type.Literal("reboot"),
    bootIdBefore: text,
    graceMs: Type.Number(),
    askedUntilMs: Type.Optional(time),
  }),
  Type.Object({ kind: Type.Literal("return") }),
  Type.Object({ kind: Type.Literal("clear"), backTo: phase }),
  Type.Object({
    kind: Type.Literal("power"),
    power: Type.Enum([...powerOrders]),
    bootIdBefore: text,
    ordered: Type.Union([
      Type.Object({ atMs: time, times: count, wasHeard: Type.Boolean() }),
      Type.Null(),
    ]),
    seenSinceMs: maybeTime,
  }),
  Type.Object({ kind: Type.Literal("locate"), isOn: Type.Boolean(), untilMs: time }),
  Type.Object({ kind: Type.Literal("other") }),
]);

const operationSchema = Type.Object({
  id: operationId,
  hostId,
  kind: Type.Enum([...operationKinds]),
  epoch: count,
  planId: Type.Union([planId, Type.Null()]),
  status: Type.Enum([...operationStatuses]),
  fromPhase: phase,
  step: Type.String(),
  stepState: Type.Enum(["between", "intent", "waiting"]),
  stepSinceMs: time,
  attempt: count,
  why: Type.Array(whySchema),
  reason: Type.String(),
  by: Type.String(),
  startedMs: time,
  found: Type.Optional(Type.Enum([...hostFinds])),
  foundHeardMs: Type.Optional(time),
  deadlineMs: maybeTime,
  endedMs: maybeTime,
  progressMs: time,
  detail: detailSchema,
  history: Type.Array(
    Type.Object({
      step: Type.String(),
      startedMs: time,
      endedMs: time,
      attempts: count,
      outcome: Type.Enum(["done", "failed", "skipped", "canceled"]),
      evidence: Type.String(),
    }),
  ),
  version: count,
});

const holdSchema = Type.Object({
  id: Type.Unsafe<HoldId>(Type.String()),
  hostId,
  kind: Type.Enum([...holdKinds]),
  holder: Type.String(),
  holderKind: Type.Enum(["operator", "automation", "tenant"]),
  reason: Type.String(),
  createdMs: time,
  expiresMs: maybeTime,
  reviewMs: maybeTime,
  forWhom: text,
  leaseId: Type.Union([leaseId, Type.Null()]),
});

const tenantSchema = Type.Object({
  id: Type.Unsafe<TenantId>(Type.String()),
  name: Type.String(),
  webhook: text,
  createdMs: time,
  version: count,
});

const leaseSchema = Type.Object({
  id: leaseId,
  tenantId,
  hostId,
  share: Type.Enum(["exclusive", "shared"]),
  trust: Type.Enum([...trusts]),
  notice: Type.Enum(Object.keys(noticeClasses) as NoticeClass[]),
  evacuation: Type.Enum([...evacuationStrategies]),
  workloads: Type.Array(Type.String()),
  startsMs: time,
  endedMs: maybeTime,
  version: count,
  createdBy: Type.String(),
});

/** Each throws StoreError `STORE_DAMAGED`. */
export const parseOperation = (json: string): OperationRecord =>
  parseRecord(operationSchema, json, "operation");
export const parseHold = (json: string): HoldRecord => parseRecord(holdSchema, json, "hold");
export const parseTenant = (json: string): TenantRecord =>
  parseRecord(tenantSchema, json, "tenant");
export const parseLease = (json: string): LeaseRecord => parseRecord(leaseSchema, json, "lease");

export function parseRecord<Schema extends TSchema>(
  schema: Schema,
  json: string,
  what: string,
): Static<Schema> {
  const value = parseJson(json);
  let check = compiled.get(schema);
  if (check === undefined) {
    check = Compile(schema);
    compiled.set(schema, check);
  }
  if (check.Check(value)) return value as Static<Schema>;
  throw damagedRow(`${what} ${json.slice(0, 80)}`);
}

/** A plan of 500 hosts is checked in a tenth of the time. */
const compiled = new WeakMap<TSchema, { Check(value: unknown): boolean }>();
