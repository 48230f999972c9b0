import { countRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** Errors that ECC could not correct: a program or the kernel has read wrong data. */
export const memoryUncorrected = countRule({
  name: "memory-uncorrected",
  looksAt: "uncorrected memory errors",
  partKind: "dimm",
  ...timings.counted,
  clearsWhen: "a count of 0 (after a reboot), and 24 h without a new one",
  metric: "hw.errors",
  where: { "hw.type": "memory", "error.type": "uncorrected" },
  bounds: thresholds.memoryUncorrected,
  counted: "uncorrected memory errors",
  restarts: true,
});
