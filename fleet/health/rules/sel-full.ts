import { gradeHigh } from "../grade.ts";
import { percentWords, valueRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** The BMC's event log: a full one keeps no new event. */
export const selFull = valueRule({
  name: "sel-full",
  looksAt: "room in the BMC's event log",
  partKind: "bmc",
  ...timings.filled,
  clearsWhen: "less than 80 % full for 10 min: clear it",
  metric: "wws.bmc.sel.usage",

  grade: (used) => gradeHigh(used, thresholds.selUsage),
  words: (used) =>
    `the BMC's event log is ${percentWords(used)} full: a full one keeps no new event`,
});
