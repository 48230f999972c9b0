import { countRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** Media and data integrity errors of NVMe drives, media errors that a RAID controller counts. */
export const diskMedia = countRule({
  name: "disk-media",
  looksAt: "media errors",
  partKind: "disk",
  ...timings.counted,
  clearsWhen: "a count of 0 (a replaced part), and 24 h without a new one",
  metric: "hw.errors",
  where: { "hw.type": "physical_disk", "error.type": "media" },
  bounds: thresholds.mediaErrors,
  counted: "media errors",
});
