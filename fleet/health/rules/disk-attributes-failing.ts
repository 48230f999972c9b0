import { certain, fine } from "../grade.ts";
import { valueRule } from "../rule-kinds.ts";
import { timings } from "../thresholds.ts";

/** SMART attributes at or below the maker's own threshold. */
export const diskAttributesFailing = valueRule({
  name: "disk-attributes-failing",
  looksAt: "SMART attributes at their threshold",
  partKind: "disk",
  ...timings.said,
  clearsWhen: "no such attribute for 1 h",
  metric: "wws.disk.attributes_failing",

  grade: (count) => (count >= 1 ? certain("failing") : fine),
  words: (count) => `SMART attributes at or below the maker's threshold: ${count}`,
});
