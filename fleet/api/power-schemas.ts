import { type Static, Type } from "typebox";
import { unixMs } from "./schema-parts.ts";

export const hostPowerSchema = Type.Object({
  host: Type.String({ description: "its name" }),
  state: Type.String({ description: "on or off, as its BMC says; it may be wrong" }),
  observedMs: unixMs,
});
export type HostPower = Static<typeof hostPowerSchema>;
