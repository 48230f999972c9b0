import { type Static, Type } from "typebox";
import { findingSchema, rebootSchema, verdictSchema } from "./health-schemas.ts";
import { positionSchema } from "./position-schemas.ts";
import { holdSchema } from "./hold-schemas.ts";
import { schedulableSchema } from "./life-schemas.ts";
import { runningOperationSchema } from "./operation-schemas.ts";
import { listOf, nullable, unixMs } from "./schema-parts.ts";
import { leaseSchema } from "./tenancy-schemas.ts";

export const linkSchema = Type.Object({
  state: Type.Union([
    Type.Literal("connected"),
    Type.Literal("late"),
    Type.Literal("lost"),
    Type.Literal("never"),
  ]),
  sinceMs: nullable(unixMs),
  lastHeardMs: nullable(unixMs),
  clockOffsetMs: nullable(Type.Number()),
});

export const powerSchema = Type.Object({
  watts: nullable(Type.Number()),
  source: nullable(Type.String()),
  reason: nullable(Type.String({ description: "why there are no watts; null where there are" })),
});

export const hostSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  serial: nullable(Type.String()),
  lifecycle: Type.String({ description: "the running operation's word, or the phase" }),
  phase: Type.String(),
  op: nullable(runningOperationSchema),
  link: linkSchema,
  health: Type.Object({
    verdict: verdictSchema,
    reasons: Type.Array(Type.String()),
    findings: Type.Array(findingSchema),
  }),
  holds: listOf(holdSchema),
  leases: listOf(leaseSchema),
  schedulable: schedulableSchema,
  data: Type.String({ description: "unknown, clean, tainted, unreadable, in-custody, destroyed" }),
  trust: Type.String({ description: "operated or rented" }),
  watchedOnly: Type.Boolean({ description: "nothing is done to it until an operator says so" }),
  epoch: Type.Integer({ description: "highest fencing number that it had; never falls" }),
  tags: listOf(Type.String()),
  revision: Type.Integer(),
  generation: Type.Integer(),
  cell: Type.String(),
  position: nullable(positionSchema),
  /** The power lines into its rack; empty: it has none, or nobody said. */
  feeds: listOf(
    Type.Object({
      name: Type.String(),
      upstream: nullable(Type.String({ description: "what feeds the line; null: itself" })),
    }),
  ),
  hardwareClass: nullable(Type.String()),
  simulated: Type.Boolean(),
  adopted: Type.Boolean(),
  agentRelease: nullable(Type.String()),
  bootId: nullable(Type.String()),
  createdMs: unixMs,
  lastReportAt: nullable(unixMs),
  /** Why the newest boot began; null: no other boot was seen before it. */
  lastReboot: nullable(rebootSchema),
  power: powerSchema,
  /** Newest host-wide figures, for tables; null: not seen. */
  latest: Type.Object({
    cpuUtilization: nullable(Type.Number()),
    memoryUtilization: nullable(Type.Number()),
    diskReadBytesPerSecond: nullable(Type.Number()),
    diskWriteBytesPerSecond: nullable(Type.Number()),
    temperatureCelsius: nullable(Type.Number()),
    filesystemUtilization: nullable(Type.Number()),
  }),
});

export type Host = Static<typeof hostSchema>;

export const hostListSchema = Type.Object({
  items: Type.Array(hostSchema),
  nextCursor: nullable(Type.String()),
  total: Type.Integer({ description: "hosts that the selector matches, on all pages" }),
});

export type HostList = Static<typeof hostListSchema>;

export const hostSortKeys = [
  "name",
  "position",
  "link",
  "health",
  "lifecycle",
  "class",
  "cpu",
  "memory",
  "power",
  "temperature",
  "lastReport",
] as const;

export type HostSortKey = (typeof hostSortKeys)[number];
