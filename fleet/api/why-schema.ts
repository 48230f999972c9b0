import { type Static, Type } from "typebox";
import { listOf, nullable, unixMs } from "./schema-parts.ts";

/** Why something waits or is refused, and its exit. */
export const whySchema = Type.Object({
  code: Type.String({
    description: "phase, operation, hold, lease, notice, capacity, budget, watched-only, link …",
  }),
  words: Type.String({ description: "one sentence, with the figures in it" }),
  who: Type.String({ description: "who can end it: a person, a role, a tenant, time" }),
  command: nullable(Type.String({ description: "ends it; null: only time or the world does" })),
  untilMs: nullable({
    ...unixMs,
    description: "when it ends by itself or is looked at again, unix milliseconds",
  }),
});
export type WhyView = Static<typeof whySchema>;

export const whyListSchema = listOf(whySchema);
