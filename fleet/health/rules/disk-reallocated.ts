import { countRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** SMART 5, and the grown defect list of SAS drives has a rule of its own. Sectors that the drive has given up and replaced. */
export const diskReallocated = countRule({
  name: "disk-reallocated",
  looksAt: "reallocated sectors",
  partKind: "disk",
  ...timings.counted,
  clearsWhen: "a count of 0 (a replaced part), and 24 h without a new one",
  metric: "wws.disk.sectors",
  where: { "wws.sector.state": "reallocated" },
  bounds: thresholds.tellingSectors,
  counted: "reallocated sectors",
});
