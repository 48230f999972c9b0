import { countRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** SMART 187: reads that the drive gave up and told the host. */
export const diskReportedUncorrectable = countRule({
  name: "disk-reported-uncorrectable",
  looksAt: "reported uncorrectable errors",
  partKind: "disk",
  ...timings.counted,
  clearsWhen: "a count of 0 (a replaced part), and 24 h without a new one",
  metric: "hw.errors",
  where: { "hw.type": "physical_disk", "error.type": "reported_uncorrectable" },
  bounds: thresholds.tellingSectors,
  counted: "reported uncorrectable errors",
});
