import { gradeLow } from "../grade.ts";
import { percentWords, valueRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** Spare blocks that are left above the drive's own threshold. */
export const diskSpare = valueRule({
  name: "disk-spare",
  looksAt: "spare blocks above the drive's threshold",
  partKind: "disk",
  ...timings.said,
  clearsWhen: "more than 12 % above the threshold for 1 h (failing: more than 2 %)",
  metric: "wws.disk.spare_margin",

  grade: (margin) => gradeLow(margin, thresholds.spareMargin),
  words: (margin) =>
    margin > 0
      ? `spare blocks are ${percentWords(margin)} above the drive's own threshold`
      : `spare blocks have reached the drive's own threshold (${percentWords(margin)} above it)`,
});
