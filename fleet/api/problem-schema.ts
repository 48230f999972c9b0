import { type Static, Type } from "typebox";
import { whyListSchema } from "./why-schema.ts";

/** RFC 9457, with what to do next. */
export const problemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.String(),
  hint: Type.String(),
  instance: Type.Optional(Type.String()),
  /** Every reason, where more than one thing is in the way, or where each has its own exit. */
  why: Type.Optional(whyListSchema),
});
export type Problem = Static<typeof problemSchema>;
