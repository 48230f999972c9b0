import { type Static, Type } from "typebox";
import { nullable, unixMs } from "./schema-parts.ts";

export const freezeSchema = Type.Object({
  freeze: nullable(
    Type.Object({
      sinceMs: unixMs,
      by: Type.String(),
      reason: Type.String(),
      liftAsked: nullable(Type.Object({ by: Type.String(), reason: Type.String(), atMs: unixMs })),
    }),
  ),
  liftNeedsTwo: Type.Boolean({ description: "false in profile lab, where one may do both" }),
});
export type FreezeView = Static<typeof freezeSchema>;
