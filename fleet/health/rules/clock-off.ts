import { gradeHigh } from "../grade.ts";
import type { HealthRule } from "../health-rule.ts";
import { thresholds, timings } from "../thresholds.ts";
import { roundTo } from "../rule-kinds.ts";

/** The host's clock against the manager's, as its agent's hello and heartbeats tell it. */
export const clockOff: HealthRule = {
  name: "clock-off",
  looksAt: "the host's clock",
  partKind: "host",
  ...timings.clock,
  clearsWhen: "less than 1 s off for 5 min (failing: less than 20 s)",
  metrics: [],
  isQuiet: () => true,
  judge({ clockOffsetMs }) {
    if (clockOffsetMs === null) return [];
    const seconds = roundTo(Math.abs(clockOffsetMs) / 1_000, 1);
    const way = clockOffsetMs > 0 ? "ahead of" : "behind";
    const grade = gradeHigh(Math.abs(clockOffsetMs), thresholds.clock);
    return [
      {
        partId: "",
        of: null,
        ...grade,
        detail: () => `its clock is ${seconds} s ${way} the manager's`,
      },
    ];
  },
};
