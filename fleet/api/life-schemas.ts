import { type Static, Type } from "typebox";
import { holdSchema } from "./hold-schemas.ts";
import { operationSchema } from "./operation-schemas.ts";
import { listOf, nullable, unixMs } from "./schema-parts.ts";
import { leaseSchema } from "./tenancy-schemas.ts";
import { whyListSchema } from "./why-schema.ts";

export const schedulableSchema = Type.Object({
  isSchedulable: Type.Boolean({ description: "it may take a new lease" }),
  why: whyListSchema,
});

/** Where a host stands in its life, what it waits for and what may be done to it. */
export const lifeExplanationSchema = Type.Object({
  phase: Type.String(),
  sinceMs: nullable(unixMs),
  lifecycle: Type.String(),
  holds: listOf(holdSchema),
  leases: listOf(leaseSchema),
  data: Type.String(),
  schedulable: schedulableSchema,
  operation: nullable(operationSchema),
  waitsFor: whyListSchema,
  next: nullable(Type.Object({ words: Type.String(), atMs: nullable(unixMs) })),
  verbs: listOf(
    Type.Object({ verb: Type.String(), isAllowed: Type.Boolean(), why: whyListSchema }),
  ),
});
export type LifeExplanationView = Static<typeof lifeExplanationSchema>;
