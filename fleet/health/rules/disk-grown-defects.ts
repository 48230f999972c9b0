import { countRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** The grown defect list of SAS drives: what SMART 5 is to the others. */
export const diskGrownDefects = countRule({
  name: "disk-grown-defects",
  looksAt: "grown defects",
  partKind: "disk",
  ...timings.counted,
  clearsWhen: "a count of 0 (a replaced part), and 24 h without a new one",
  metric: "hw.errors",
  where: { "hw.type": "physical_disk", "error.type": "grown_defect" },
  bounds: thresholds.tellingSectors,
  counted: "grown defects",
});
