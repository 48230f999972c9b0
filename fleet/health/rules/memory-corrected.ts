import { countRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** Errors that ECC corrected, per DIMM and day. */
export const memoryCorrected = countRule({
  name: "memory-corrected",
  looksAt: "corrected memory errors",
  partKind: "dimm",
  ...timings.counted,
  clearsWhen: "fewer than 10 in 24 h",
  metric: "hw.errors",
  where: { "hw.type": "memory", "error.type": "corrected" },
  bounds: thresholds.memoryCorrected,
  counted: "corrected memory errors",
  restarts: true,
});
