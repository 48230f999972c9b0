import { countRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** SMART 188: commands that took too long. */
export const diskCommandTimeout = countRule({
  name: "disk-command-timeout",
  looksAt: "command timeouts",
  partKind: "disk",
  ...timings.counted,
  clearsWhen: "a count below 100, and 24 h without a new one",
  metric: "hw.errors",
  where: { "hw.type": "physical_disk", "error.type": "command_timeout" },
  bounds: thresholds.commandTimeouts,
  counted: "command timeouts",
});
