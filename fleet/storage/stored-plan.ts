import { Type } from "typebox";
import { powerOrders } from "#fleet/lifecycle/power.ts";
import type { PlanRecord } from "#fleet/lifecycle/plan.ts";
import {
  count,
  drainKind,
  hostId,
  maybeTime,
  operationId,
  parseRecord,
  phase,
  planId,
  text,
  time,
  whySchema,
} from "./stored-lifecycle.ts";

const watts = Type.Union([Type.Number(), Type.Null()]);

const actionSchema = Type.Union([
  Type.Object({
    kind: Type.Literal("drain"),
    drain: drainKind,
    deadlineMs: Type.Number(),
    force: Type.Boolean(),
    graceMs: Type.Number(),
  }),
  Type.Object({ kind: Type.Literal("reboot"), graceMs: Type.Number() }),
  Type.Object({ kind: Type.Literal("return") }),
  Type.Object({ kind: Type.Literal("clear") }),
  Type.Object({ kind: Type.Literal("power"), power: Type.Enum([...powerOrders]) }),
  Type.Object({ kind: Type.Literal("locate"), isOn: Type.Boolean(), forMs: Type.Number() }),
]);

const hostSchema = Type.Object({
  hostId,
  name: Type.String(),
  serial: text,
  revision: count,
  phase,
  rack: text,
  hardwareClass: text,
  wave: count,
  steps: Type.Array(Type.String()),
  state: Type.Enum(["waiting", "running", "done", "skipped", "failed", "set-aside"]),
  why: Type.Array(whySchema),
  operationId: Type.Union([operationId, Type.Null()]),
  endedMs: maybeTime,
});

const blastSchema = Type.Object({
  hosts: count,
  tenants: Type.Array(Type.Object({ tenant: Type.String(), leases: count })),
  classes: Type.Array(
    Type.Object({
      hardwareClass: Type.String(),
      site: Type.String(),
      total: count,
      outNow: count,
      outDuring: count,
      floor: count,
    }),
  ),
  feeds: Type.Array(
    Type.Object({
      rack: Type.String(),
      feed: Type.String(),
      hosts: count,
      unmeasuredHosts: count,
      budgetWatts: watts,
      nowWatts: watts,
      duringWatts: watts,
      ifOtherFailsWatts: watts,
    }),
  ),
  racks: Type.Array(
    Type.Object({ rack: Type.String(), hosts: count, inPlan: count, atOnce: count }),
  ),
  sharedFate: Type.Array(
    Type.Object({ tenant: Type.String(), rack: Type.String(), leases: count }),
  ),
  ownManagement: Type.Array(Type.String()),
  wattsCoverage: Type.Number(),
});

const planSchema = Type.Object({
  id: planId,
  hash: Type.String(),
  action: actionSchema,
  selector: Type.String(),
  reason: Type.String(),
  createdBy: Type.String(),
  createdByKind: Type.Optional(Type.Literal("automation")),
  createdMs: time,
  expiresMs: time,
  hosts: Type.Array(hostSchema),
  blast: blastSchema,
  warnings: Type.Array(Type.String()),
  irreversible: Type.Array(Type.String()),
  predictedMs: Type.Union([Type.Number(), Type.Null()]),
  pace: Type.Object({
    waves: Type.Array(count),
    soakMs: Type.Number(),
    atOnceMax: count,
    brokenShareMax: Type.Number(),
  }),
  status: Type.Enum(["planned", "applying", "paused", "stopped", "done", "canceled", "expired"]),
  appliedBy: text,
  appliedMs: maybeTime,
  endedMs: maybeTime,
  why: Type.Array(whySchema),
  version: count,
});

/** Throws StoreError `STORE_DAMAGED`. */
export const parsePlan = (json: string): PlanRecord => parseRecord(planSchema, json, "plan");
