import { countRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** Errors that a GPU's ECC could not correct. */
export const gpuUncorrected = countRule({
  name: "gpu-uncorrected",
  looksAt: "uncorrected GPU memory errors",
  partKind: "gpu",
  ...timings.counted,
  clearsWhen: "a count of 0, and 24 h without a new one",
  metric: "hw.errors",
  where: { "hw.type": "gpu", "error.type": "uncorrected" },
  bounds: thresholds.gpuUncorrected,
  counted: "uncorrected GPU memory errors",
  restarts: true,
});
