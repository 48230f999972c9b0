import { type Static, Type } from "typebox";
import { listOf, nullable, reasonSchema, unixMs } from "./schema-parts.ts";
import { whyListSchema } from "./why-schema.ts";

/** What a host's own record says of the operation that runs on it. */
export const runningOperationSchema = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  step: Type.String(),
  epoch: Type.Integer({ description: "fencing number: whoever holds an older one is refused" }),
  deadline: nullable(unixMs),
  isPaused: Type.Boolean({ description: "it waits for a person" }),
});

const drainDetailSchema = Type.Object({
  kind: Type.Literal("drain"),
  drain: Type.String({ description: "planned, degraded or emergency" }),
  force: Type.Boolean({ description: "at the deadline workloads are stopped hard" }),
  graceMs: Type.Integer(),
  allowedMs: Type.Integer({ description: "how long it may take in all" }),
  fence: Type.Object({
    agentAckMs: nullable(unixMs),
    tenancyAckMs: nullable(unixMs),
    tenancyRevision: nullable(Type.Integer()),
  }),
  remaining: nullable(listOf(Type.String({ description: "what the host last said still runs" }))),
  notices: listOf(
    Type.Object({
      tenantId: Type.String(),
      leases: listOf(Type.String()),
      toldMs: unixMs,
      untilMs: unixMs,
      isDelivered: Type.Boolean(),
      detail: Type.String(),
    }),
  ),
  proof: nullable(
    Type.Object({
      epoch: Type.Integer(),
      agentMs: unixMs,
      tenancyMs: unixMs,
      tenancyRevision: Type.Integer(),
      by: Type.String({ description: "agent, power-off or typed-serial" }),
    }),
  ),
});
const rebootDetailSchema = Type.Object({
  kind: Type.Literal("reboot"),
  bootIdBefore: nullable(Type.String()),
  graceMs: Type.Number({ description: "what a graceful stop may take" }),
});
const powerDetailSchema = Type.Object({
  kind: Type.Literal("power"),
  power: Type.String({ description: "on, off, cycle or soft" }),
  bootIdBefore: nullable(Type.String()),
  ordered: nullable(
    Type.Object({
      atMs: unixMs,
      times: Type.Integer(),
      wasHeard: Type.Boolean({ description: "its agent was connected then" }),
    }),
  ),
  seenSinceMs: nullable(unixMs),
});
const locateDetailSchema = Type.Object({
  kind: Type.Literal("locate"),
  isOn: Type.Boolean(),
  untilMs: unixMs,
});
const plainDetailSchema = Type.Object({
  kind: Type.Union([Type.Literal("return"), Type.Literal("other")]),
});
const clearDetailSchema = Type.Object({
  kind: Type.Literal("clear"),
  backTo: Type.String({ description: "the phase before it was quarantined" }),
});

export const operationSchema = Type.Object({
  id: Type.String(),
  hostId: Type.String(),
  host: Type.String({ description: "the host's name; its id where the host is gone" }),
  kind: Type.String(),
  epoch: Type.Integer(),
  planId: nullable(Type.String()),
  status: Type.String({
    description: "running, paused (a person is wanted), done, failed, canceled",
  }),
  fromPhase: Type.String(),
  step: Type.String(),
  stepState: Type.String({ description: "between, intent or waiting" }),
  stepSinceMs: unixMs,
  attempt: Type.Integer(),
  why: whyListSchema,
  reason: Type.String(),
  by: Type.String(),
  startedMs: unixMs,
  deadlineMs: nullable(unixMs),
  endedMs: nullable(unixMs),
  progressMs: unixMs,
  detail: Type.Union([
    drainDetailSchema,
    rebootDetailSchema,
    clearDetailSchema,
    powerDetailSchema,
    locateDetailSchema,
    plainDetailSchema,
  ]),
  history: listOf(
    Type.Object({
      step: Type.String(),
      startedMs: unixMs,
      endedMs: unixMs,
      attempts: Type.Integer(),
      outcome: Type.String({ description: "done, failed, skipped or canceled" }),
      evidence: Type.String({ description: "what was seen" }),
    }),
  ),
  version: Type.Integer(),
});
export type Operation = Static<typeof operationSchema>;

export const operationListSchema = Type.Object({
  items: listOf(operationSchema),
  nextCursor: nullable(Type.String()),
});
export type OperationList = Static<typeof operationListSchema>;

/** Body of what a person does to a plan or an operation that is there already. */
export const becauseSchema = Type.Object({ reason: reasonSchema }, { additionalProperties: false });
export const confirmOffSchema = Type.Object(
  {
    serial: Type.String({ minLength: 1, maxLength: 128, description: "typed by who looked at it" }),
    reason: reasonSchema,
  },
  { additionalProperties: false },
);
