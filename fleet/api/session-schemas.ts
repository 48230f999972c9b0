import { type Static, Type } from "typebox";
import { grantSchema } from "./people-schemas.ts";
import { listOf, unixMs } from "./schema-parts.ts";

export const sessionSchema = Type.Object({
  name: Type.String(),
  via: Type.String(),
  expiresMs: unixMs,
  kind: Type.String({ description: "person, service, or machine: the manager's data folder" }),
  grants: listOf(grantSchema),
  may: listOf(Type.String({ description: "what these let one do, somewhere at least" })),
});

export type Session = Static<typeof sessionSchema>;

export const signInSchema = Type.Object(
  {
    secret: Type.Optional(
      Type.String({ minLength: 1, maxLength: 256, description: "of a sign-in link" }),
    ),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    password: Type.Optional(Type.String({ minLength: 1, maxLength: 1_024 })),
  },
  { additionalProperties: false },
);

export const createLinkSchema = Type.Object(
  {
    name: Type.Optional(
      Type.String({ minLength: 1, maxLength: 63, description: "whom it signs in" }),
    ),
  },
  { additionalProperties: false },
);

export const linkAnswerSchema = Type.Object({
  secret: Type.String(),
  path: Type.String({ description: "to be put behind the console's address" }),
  url: Type.String(),
  expiresMs: unixMs,
});

export type SigninLink = Static<typeof linkAnswerSchema>;
