import { type TSchema, Type } from "typebox";

// The shapes of the HTTP API stand once, by subject, in the …-schemas.ts files: routes check with
// them, OpenAPI is made from them, console and command line take their types from them.

export const nullable = <Schema extends TSchema>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);

export const unixMs = Type.Integer({ description: "unix milliseconds" });

/** A list as the records have it: nobody changes it. */
export const listOf = <Schema extends TSchema>(schema: Schema) =>
  Type.Immutable(Type.Array(schema));

export const reasonSchema = Type.String({
  minLength: 3,
  maxLength: 500,
  description: "why, in words: it goes into the audit",
});
