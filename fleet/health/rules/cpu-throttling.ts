import { gradeHigh } from "../grade.ts";
import { roundTo, valueRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** The processor slows itself down for heat. */
export const cpuThrottling = valueRule({
  name: "cpu-throttling",
  looksAt: "thermal throttling",
  partKind: "cpu",
  ...timings.throttled,
  clearsWhen: "less than one in 100 s for 15 min",
  metric: "wws.cpu.throttle_events",

  grade: (rate) => gradeHigh(rate, thresholds.throttling),
  words: (rate) => `throttled for heat ${roundTo(rate, 2)} times a second`,
});
