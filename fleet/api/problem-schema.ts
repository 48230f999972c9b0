import { type Static, Type } from "typebox";

/** RFC 9457, with what to do next. */
export const problemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.String(),
  hint: Type.String(),
  instance: Type.Optional(Type.String()),
});

export type Problem = Static<typeof problemSchema>;
