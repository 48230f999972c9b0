import { countRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** Machine check exceptions: the processor itself says that hardware went wrong. */
export const machineCheck = countRule({
  name: "machine-check",
  looksAt: "machine checks",
  partKind: "cpu",
  ...timings.counted,
  clearsWhen: "a count of 0 (after a reboot), and 24 h without a new one",
  metric: "hw.errors",
  where: { "error.type": "machine_check" },
  bounds: thresholds.machineChecks,
  counted: "machine checks",
  restarts: true,
});
