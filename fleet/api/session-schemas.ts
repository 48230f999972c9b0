import { type Static, Type } from "typebox";
import { unixMs } from "./schema-parts.ts";

export const sessionSchema = Type.Object({
  name: Type.String(),
  via: Type.String(),
  expiresMs: unixMs,
});

export type Session = Static<typeof sessionSchema>;

export const signInSchema = Type.Object(
  { secret: Type.String({ minLength: 1, maxLength: 256, description: "of a sign-in link" }) },
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
