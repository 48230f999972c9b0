import { certain, fine } from "../grade.ts";
import { valueRule } from "../rule-kinds.ts";
import { timings } from "../thresholds.ts";

/** No supply may fail any more. */
export const supplyRedundancy = valueRule({
  name: "supply-redundancy",
  looksAt: "redundancy of the power supplies",
  partKind: "psu",
  ...timings.lost,
  clearsWhen: "redundancy for 5 min",
  metric: "hw.power_supply.redundant",

  grade: (redundant) => (redundant === 0 ? certain("degraded") : fine),
  words: () => "the power supplies are not redundant: none may fail",
});
