import { type Static, Type } from "typebox";
import { nullable, unixMs } from "./schema-parts.ts";

export const tokenKindSchema = Type.Union([
  Type.Literal("host"),
  Type.Literal("pending"),
  Type.Literal("adopt"),
]);

export const createTokenSchema = Type.Object(
  {
    kind: tokenKindSchema,
    hostName: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
    position: Type.Optional(Type.String({ description: "region/site/row/rack/unit" })),
    uses: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    site: Type.Optional(
      Type.String({ pattern: "^[a-z]{3}[0-9]{1,2}$", description: "of machines that wait" }),
    ),
    adopts: Type.Optional(
      Type.Boolean({ description: "machines that wait are taken in as they stand" }),
    ),
    validMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 86_400_000 })),
  },
  { additionalProperties: false },
);

export type CreateToken = Static<typeof createTokenSchema>;

export const createdTokenSchema = Type.Object({
  id: Type.String(),
  token: Type.String(),
  expiresMs: unixMs,
});

export type CreatedTokenAnswer = Static<typeof createdTokenSchema>;

export const tokenListSchema = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: tokenKindSchema,
      hostName: nullable(Type.String()),
      position: nullable(Type.String()),
      usesLeft: Type.Integer(),
      site: nullable(Type.String()),
      adopts: Type.Boolean(),
      rule: nullable(Type.Array(Type.String())),
      expiresMs: unixMs,
      createdMs: unixMs,
      createdBy: Type.String(),
    }),
  ),
  nextCursor: Type.Null(),
});

export type TokenList = Static<typeof tokenListSchema>;

export const pendingSchema = Type.Object({
  id: Type.String(),
  fingerprint: Type.String(),
  address: Type.String(),
  simulated: Type.Boolean(),
  hostname: nullable(Type.String()),
  manufacturer: nullable(Type.String()),
  product: nullable(Type.String()),
  serial: nullable(Type.String()),
  bmcMac: nullable(Type.String({ description: "of its BMC, where the agent sees it" })),
  firstSeenMs: unixMs,
  lastSeenMs: unixMs,
});

export const pendingListSchema = Type.Object({
  items: Type.Array(pendingSchema),
  nextCursor: Type.Null(),
});

export type Pending = Static<typeof pendingSchema>;

export type PendingList = Static<typeof pendingListSchema>;

export const approvedSchema = Type.Object({ hostId: Type.String() });

export type Approved = Static<typeof approvedSchema>;

export const approveSchema = Type.Object(
  {
    hostName: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 63,
        description: "where not said: the planned host that has its serial",
      }),
    ),
    position: Type.Optional(Type.String()),
    adopt: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
