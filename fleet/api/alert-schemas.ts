import { type Static, Type } from "typebox";
import { listOf, nullable, unixMs } from "./schema-parts.ts";

export const alertSchema = Type.Object({
  id: Type.String(),
  scope: Type.Object({
    kind: Type.Enum(["switch", "rack", "feed", "site"]),
    name: Type.String({ description: "fra2/row-b/rack-07, sw-fra2-b07, fra2" }),
  }),
  hosts: listOf(Type.String({ description: "name of a host that was lost" })),
  of: Type.Integer({ description: "hosts of the scope that were there when it began" }),
  sinceMs: { ...unixMs, description: "when the first of them fell silent, unix milliseconds" },
  raisedMs: unixMs,
  words: Type.String({ description: "what happened, in one sentence" }),
  acknowledgedBy: nullable(Type.String({ description: "who has looked; null: nobody yet" })),
});
export type Alert = Static<typeof alertSchema>;

export const alertListSchema = Type.Object({
  items: listOf(alertSchema),
  nextCursor: Type.Null({ description: "it is one page" }),
});
export type AlertList = Static<typeof alertListSchema>;
