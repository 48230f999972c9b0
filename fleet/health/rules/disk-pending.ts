import { countRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** SMART 197: sectors that could not be read and wait for a write to decide. */
export const diskPending = countRule({
  name: "disk-pending",
  looksAt: "pending sectors",
  partKind: "disk",
  ...timings.counted,
  clearsWhen: "a count of 0 (a replaced part), and 24 h without a new one",
  metric: "wws.disk.sectors",
  where: { "wws.sector.state": "pending" },
  bounds: thresholds.tellingSectors,
  counted: "pending sectors",
});
