import { gradeHigh } from "../grade.ts";
import { percentWords, valueRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** How much of the rated endurance is used. */
export const diskEndurance = valueRule({
  name: "disk-endurance",
  looksAt: "rated endurance that is used",
  partKind: "disk",
  ...timings.said,
  clearsWhen: "less than 95 % used: a replaced drive",
  metric: "hw.physical_disk.endurance_utilization",

  grade: (used) => gradeHigh(used, thresholds.endurance),
  words: (used) => `${percentWords(used)} of the rated endurance is used`,
});
