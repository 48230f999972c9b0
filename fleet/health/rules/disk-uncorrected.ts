import { countRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** Reads, writes and verifications that a SAS drive could not mend. */
export const diskUncorrected = countRule({
  name: "disk-uncorrected",
  looksAt: "uncorrected errors",
  partKind: "disk",
  ...timings.counted,
  clearsWhen: "a count of 0 (a replaced part), and 24 h without a new one",
  metric: "hw.errors",
  where: { "hw.type": "physical_disk", "error.type": "uncorrected" },
  bounds: thresholds.mediaErrors,
  counted: "uncorrected errors",
});
