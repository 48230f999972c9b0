import { certain, fine } from "../grade.ts";
import { valueRule } from "../rule-kinds.ts";
import { timings } from "../thresholds.ts";

/** The drive's own overall verdict: SMART status, or the NVMe log. */
export const diskSelfVerdict = valueRule({
  name: "disk-self-verdict",
  looksAt: "the drive's own verdict",
  partKind: "disk",
  ...timings.said,
  clearsWhen: "the good word for 1 h",
  metric: "wws.disk.smart.passed",

  grade: (passed) => (passed === 0 ? certain("failing") : fine),
  words: () => "the drive says that it is failing",
});
