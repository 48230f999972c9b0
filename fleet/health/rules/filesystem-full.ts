import { gradeHigh } from "../grade.ts";
import { percentWords, valueRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** A file system that is nearly full. */
export const filesystemFull = valueRule({
  name: "filesystem-full",
  looksAt: "room in file systems",
  partKind: "filesystem",
  ...timings.filled,
  clearsWhen: "less than 85 % full for 10 min (failing: less than 95 %)",
  metric: "system.filesystem.utilization",

  grade: (used) => gradeHigh(used, thresholds.filesystem),
  words: (used) => `${percentWords(used)} full`,
});
