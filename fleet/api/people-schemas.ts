import { type Static, Type } from "typebox";
import { listOf, nullable, reasonSchema, unixMs } from "./schema-parts.ts";

export const grantSchema = Type.Object({
  role: Type.String({ maxLength: 40, description: "one of GET /roles" }),
  scope: Type.String({
    maxLength: 80,
    description: "for which hosts: all, site=fra2 or tag=web",
  }),
});
export type GrantView = Static<typeof grantSchema>;

export const userSchema = Type.Object({
  name: Type.String(),
  displayName: Type.String(),
  kind: Type.String({
    description: "person or service; a service has tokens and signs in nowhere",
  }),
  isDisabled: Type.Boolean(),
  hasPassword: Type.Boolean(),
  grants: listOf(grantSchema),
  createdMs: unixMs,
  version: Type.Integer(),
});
export type UserView = Static<typeof userSchema>;
export const userListSchema = Type.Object({
  items: listOf(userSchema),
  nextCursor: Type.Null(),
});
export type UserList = Static<typeof userListSchema>;

const grantsIn = Type.Array(Type.Object(grantSchema.properties, { additionalProperties: false }), {
  maxItems: 100,
});

export const addUserSchema = Type.Object(
  {
    name: Type.String({ maxLength: 200, description: "a to z, 0 to 9, `.`, `_` and `-`" }),
    displayName: Type.Optional(Type.String({ maxLength: 100 })),
    kind: Type.Optional(Type.Enum(["person", "service"])),
    grants: Type.Optional(grantsIn),
    reason: reasonSchema,
  },
  { additionalProperties: false },
);

export const changeGrantsSchema = Type.Object(
  { add: Type.Optional(grantsIn), remove: Type.Optional(grantsIn), reason: reasonSchema },
  { additionalProperties: false },
);

/** Longer than any that is taken: the sentence that says so is ours. */
const passwordSchema = Type.String({ maxLength: 1_024 });

export const setPasswordSchema = Type.Object(
  { password: nullable(passwordSchema), reason: reasonSchema },
  { additionalProperties: false },
);

export const ownPasswordSchema = Type.Object(
  {
    current: Type.Optional(passwordSchema),
    password: passwordSchema,
  },
  { additionalProperties: false },
);

export const tokenSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  owner: nullable(
    Type.String({ description: "null: of the manager's data folder, or of a former release" }),
  ),
  grants: nullable(
    Type.Immutable(
      Type.Array(grantSchema, { description: "never more than its owner may; null: all of that" }),
    ),
  ),
  createdMs: unixMs,
  expiresMs: unixMs,
  lastUsedMs: unixMs,
});
export type ApiToken = Static<typeof tokenSchema>;
export const apiTokenListSchema = Type.Object({
  items: listOf(tokenSchema),
  nextCursor: Type.Null(),
});
export type ApiTokenList = Static<typeof apiTokenListSchema>;

export const addTokenSchema = Type.Object(
  {
    name: Type.String({ pattern: "^[a-z0-9][a-z0-9._-]{0,62}$", description: "what it is for" }),
    owner: Type.Optional(
      Type.String({ maxLength: 63, description: "a service; you where not said" }),
    ),
    validMs: Type.Optional(Type.Integer({ minimum: 60_000, maximum: 366 * 86_400_000 })),
    grants: Type.Optional(grantsIn),
  },
  { additionalProperties: false },
);

export const addedTokenSchema = Type.Object({
  id: Type.String(),
  token: Type.String({ description: "shown once" }),
  expiresMs: unixMs,
});
export type AddedToken = Static<typeof addedTokenSchema>;

export const roleSchema = Type.Object({
  role: Type.String(),
  words: Type.String(),
  isForWholeCell: Type.Boolean({ description: "cannot be given for a site or a tag" }),
  may: listOf(Type.Object({ capability: Type.String(), words: Type.String() })),
});
export const roleListSchema = Type.Object({ items: listOf(roleSchema), nextCursor: Type.Null() });
export type RoleList = Static<typeof roleListSchema>;
