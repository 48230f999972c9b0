import { type Static, Type } from "typebox";
import { nullable, unixMs } from "./schema-parts.ts";

export const safeModeSchema = Type.Object({
  safeMode: nullable(
    Type.Object({
      sinceMs: unixMs,
      because: Type.String({ description: "restored or hosts-ahead" }),
      storeTerm: Type.Integer({ description: "the store's term when it was found" }),
      seenTerm: nullable(Type.Integer({ description: "the latest that hosts know" })),
      backupMs: nullable(unixMs),
      hosts: Type.Immutable(
        Type.Array(Type.String({ description: "hosts that know a later term" })),
      ),
      acknowledged: Type.Immutable(
        Type.Array(Type.Object({ by: Type.String(), atMs: unixMs, reason: Type.String() })),
      ),
    }),
  ),
});
export type SafeModeView = Static<typeof safeModeSchema>;
