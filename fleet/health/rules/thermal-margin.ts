import { gradeLow } from "../grade.ts";
import { roundTo, valueRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** How far a part is from its own critical limit. */
export const thermalMargin = valueRule({
  name: "thermal-margin",
  looksAt: "distance to the critical temperature",
  partKind: "sensor",
  ...timings.heat,
  clearsWhen: "more than 8 °C below the limit for 10 min (failing: more than 3 °C)",
  metric: "hw.temperature.margin",

  grade: (margin) => gradeLow(margin, thresholds.thermalMargin),
  words: (margin) =>
    margin > 0
      ? `${roundTo(margin, 1)} °C below its critical limit`
      : `at its critical limit or ${roundTo(-margin, 1)} °C above it`,
});
