import { type Static, Type } from "typebox";
import { holdKinds } from "#fleet/lifecycle/hold.ts";
import { listOf, nullable, reasonSchema, unixMs } from "./schema-parts.ts";

export const holdKindSchema = Type.Enum([...holdKinds], {
  description:
    "cordon: no placement · protect: no forced drain, reimage, retire · power-lockout: no power or " +
    "boot change · legal: no erase, retire, reimage · fault: set by rules · reservation: placement " +
    "only for somebody · tenant: no drain before a date",
});

export const holdSchema = Type.Object({
  id: Type.String(),
  hostId: Type.String(),
  kind: Type.String({ description: holdKinds.join(", ") }),
  holder: Type.String({ description: "who set it" }),
  holderKind: Type.String({ description: "operator, automation or tenant" }),
  reason: Type.String(),
  createdMs: unixMs,
  expiresMs: nullable(unixMs),
  reviewMs: nullable(unixMs),
  forWhom: nullable(Type.String()),
  leaseId: nullable(Type.String()),
});
export type HoldView = Static<typeof holdSchema>;

export const namedHoldSchema = Type.Object({
  ...holdSchema.properties,
  host: Type.String({ description: "the host's name" }),
});
export type NamedHold = Static<typeof namedHoldSchema>;

export const holdListSchema = Type.Object({
  items: listOf(namedHoldSchema),
  nextCursor: Type.Null(),
});
export type HoldList = Static<typeof holdListSchema>;

export const addHoldSchema = Type.Object(
  {
    host: Type.String({ minLength: 1, maxLength: 128, description: "its name or id" }),
    kind: holdKindSchema,
    reason: reasonSchema,
    expiresMs: Type.Optional({
      ...unixMs,
      description: "when it ends by itself, unix milliseconds; left out: only by release",
    }),
    reviewMs: Type.Optional({ ...unixMs, description: "when somebody should look again" }),
    forWhom: Type.Optional(
      Type.String({ maxLength: 128, description: "reservation: the tenant that may still come" }),
    ),
  },
  { additionalProperties: false },
);
export type AddHold = Static<typeof addHoldSchema>;
