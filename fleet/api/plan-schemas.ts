import { type Static, Type } from "typebox";
import { lifecycleNumbers } from "#fleet/lifecycle/numbers.ts";
import { powerOrders } from "#fleet/lifecycle/power.ts";
import { listOf, nullable, reasonSchema, unixMs } from "./schema-parts.ts";
import { whyListSchema } from "./why-schema.ts";

const drainKindSchema = Type.Enum(["planned", "degraded", "emergency"] as const);
const hourMs = 3_600_000;
const minuteMs = 60_000;

export const planActionSchema = Type.Union([
  Type.Object({
    kind: Type.Literal("drain"),
    drain: Type.String(),
    deadlineMs: Type.Integer({ description: "how long each host has, milliseconds" }),
    force: Type.Boolean(),
    graceMs: Type.Integer({ description: "what a graceful stop may take, milliseconds" }),
  }),
  Type.Object({ kind: Type.Literal("reboot"), graceMs: Type.Integer() }),
  Type.Object({ kind: Type.Literal("return") }),
  Type.Object({ kind: Type.Literal("clear") }),
  Type.Object({ kind: Type.Literal("power"), power: Type.String() }),
  Type.Object({
    kind: Type.Literal("locate"),
    isOn: Type.Boolean(),
    forMs: Type.Integer({ description: "how long its light blinks, milliseconds" }),
  }),
]);

/** What is asked for; what is left out is the usual. */
export const wantedActionSchema = Type.Union([
  Type.Object(
    {
      kind: Type.Literal("drain"),
      drain: Type.Optional(drainKindSchema),
      deadlineMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 90 * 24 * hourMs })),
      force: Type.Optional(Type.Boolean()),
      graceMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 24 * hourMs })),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal("reboot"),
      graceMs: Type.Optional(Type.Integer({ minimum: 0, maximum: hourMs })),
    },
    { additionalProperties: false },
  ),
  Type.Object({ kind: Type.Literal("return") }, { additionalProperties: false }),
  Type.Object({ kind: Type.Literal("clear") }, { additionalProperties: false }),
  Type.Object(
    {
      kind: Type.Literal("power"),
      power: Type.Enum(powerOrders, {
        description: "soft: its system is asked to stop; cycle: off and on again, hard",
      }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal("locate"),
      isOn: Type.Optional(Type.Boolean({ description: "false: the light goes out" })),
      forMs: Type.Optional(
        Type.Integer({ minimum: minuteMs, maximum: lifecycleNumbers.locateForMsMax }),
      ),
    },
    { additionalProperties: false },
  ),
]);
export type WantedAction = Static<typeof wantedActionSchema>;

export const createPlanSchema = Type.Object(
  {
    action: wantedActionSchema,
    selector: Type.String({
      minLength: 1,
      maxLength: 65_536,
      description:
        "host names or ids with commas between, or region=eu,site=fra2,rack=…,feed=…; resolved once",
    }),
    reason: reasonSchema,
    count: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: "how many hosts the selector means; must be said where it means them all",
      }),
    ),
  },
  { additionalProperties: false },
);
export type CreatePlan = Static<typeof createPlanSchema>;

export const applyPlanSchema = Type.Object(
  { hash: Type.String({ pattern: "^[0-9a-f]{64}$", description: "of the plan that was shown" }) },
  { additionalProperties: false },
);

const watts = nullable(Type.Number());
const blastSchema = Type.Object({
  hosts: Type.Integer(),
  tenants: listOf(Type.Object({ tenant: Type.String(), leases: Type.Integer() })),
  classes: listOf(
    Type.Object({
      hardwareClass: Type.String(),
      site: Type.String(),
      total: Type.Integer(),
      outNow: Type.Integer(),
      outDuring: Type.Integer(),
      floor: Type.Integer({ description: "hosts that must stay able to serve" }),
    }),
  ),
  feeds: listOf(
    Type.Object({
      rack: Type.String(),
      feed: Type.String(),
      budgetWatts: watts,
      nowWatts: watts,
      duringWatts: watts,
      ifOtherFailsWatts: watts,
      hosts: Type.Integer(),
      unmeasuredHosts: Type.Integer(),
    }),
  ),
  racks: listOf(
    Type.Object({
      rack: Type.String(),
      hosts: Type.Integer(),
      inPlan: Type.Integer(),
      atOnce: Type.Integer(),
    }),
  ),
  sharedFate: listOf(
    Type.Object({ tenant: Type.String(), rack: Type.String(), leases: Type.Integer() }),
  ),
  ownManagement: listOf(Type.String()),
  wattsCoverage: Type.Number({ description: "share of the hosts whose watts are measured" }),
});

export const planHostSchema = Type.Object({
  hostId: Type.String(),
  name: Type.String(),
  serial: nullable(Type.String()),
  revision: Type.Integer({ description: "a host that moved since is skipped" }),
  phase: Type.String(),
  rack: nullable(Type.String()),
  hardwareClass: nullable(Type.String()),
  wave: Type.Integer({ description: "0 is the canary" }),
  steps: listOf(Type.String()),
  state: Type.String({ description: "waiting, running, done, skipped, failed or set-aside" }),
  why: whyListSchema,
  operationId: nullable(Type.String()),
  endedMs: nullable(unixMs),
});
export type PlanHostView = Static<typeof planHostSchema>;

export const planSchema = Type.Object({
  id: Type.String(),
  hash: Type.String({ description: "SHA-256 over what is frozen; apply names it" }),
  action: planActionSchema,
  selector: Type.String(),
  reason: Type.String(),
  createdBy: Type.String(),
  createdByKind: Type.Optional(
    Type.Literal("automation", { description: "absent where a person made it" }),
  ),
  createdMs: unixMs,
  expiresMs: unixMs,
  hosts: listOf(planHostSchema),
  blast: blastSchema,
  warnings: listOf(Type.String()),
  irreversible: listOf(Type.String({ description: "what cannot be taken back" })),
  predictedMs: nullable(Type.Integer()),
  pace: Type.Object({
    waves: listOf(Type.Integer()),
    soakMs: Type.Integer(),
    atOnceMax: Type.Integer(),
    brokenShareMax: Type.Number(),
  }),
  status: Type.String({
    description: "planned, applying, paused, stopped (by a rule), done, canceled or expired",
  }),
  appliedBy: nullable(Type.String()),
  appliedMs: nullable(unixMs),
  endedMs: nullable(unixMs),
  why: whyListSchema,
  version: Type.Integer(),
});
export type Plan = Static<typeof planSchema>;

/** A plan in a list: how many hosts are where, and not which. */
export const planSummarySchema = Type.Object({
  ...Type.Omit(planSchema, ["hosts"]).properties,
  hostCount: Type.Integer(),
  hostCounts: Type.Record(Type.String(), Type.Integer(), {
    description: "by state: waiting, running, done, skipped, failed or set-aside; zeros left out",
  }),
  onlyHost: nullable(Type.String({ description: "its name, where the plan is about one host" })),
});
export type PlanSummary = Static<typeof planSummarySchema>;

export const planListSchema = Type.Object({
  items: listOf(planSummarySchema),
  nextCursor: nullable(Type.String()),
});
export type PlanList = Static<typeof planListSchema>;
