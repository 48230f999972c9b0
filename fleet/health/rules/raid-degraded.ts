import { certain, fine } from "../grade.ts";
import { valueRule } from "../rule-kinds.ts";
import { timings } from "../thresholds.ts";

/** An array that has lost redundancy. */
export const raidDegraded = valueRule({
  name: "raid-degraded",
  looksAt: "redundancy of arrays",
  partKind: "array",
  ...timings.lost,
  clearsWhen: "redundancy for 5 min",
  metric: "wws.raid.degraded",

  grade: (lost) => (lost >= 1 ? certain("degraded") : fine),
  words: () => "the array has lost redundancy",
});
