import { certain, fine, type Grade } from "../grade.ts";
import { valueRule } from "../rule-kinds.ts";
import { timings } from "../thresholds.ts";
import { type FindingVerdict, worstOf } from "../verdict.ts";

/** Bits of NVMe's critical warning, and how bad each is. */
const bits: readonly (readonly [bit: number, verdict: FindingVerdict, words: string])[] = [
  [0, "failing", "spare blocks are below the threshold"],
  [1, "degraded", "the temperature is beyond a threshold"],
  [2, "failing", "its reliability is degraded by media or internal errors"],
  [3, "failed", "it has become read-only"],
  [4, "degraded", "its volatile memory backup has failed"],
  [5, "degraded", "its persistent memory region has become unreliable"],
];

/** The warnings that an NVMe drive gives of itself. */
export const nvmeCriticalWarning = valueRule({
  name: "nvme-critical-warning",
  looksAt: "critical warnings of NVMe drives",
  partKind: "disk",
  ...timings.said,
  clearsWhen: "no warning for 1 h",
  metric: "wws.disk.critical_warning",
  grade(value): Grade {
    const worst = worstOf(setIn(value).map(([, verdict]) => verdict));
    return worst === null ? fine : certain(worst);
  },
  words: (value) =>
    `the drive warns (0x${value.toString(16).padStart(2, "0")}): ${setIn(value)
      .map(([, , words]) => words)
      .join("; ")}`,
});

function setIn(value: number): typeof bits {
  const whole = Number.isInteger(value) && value >= 0 && value <= 255 ? value : 0;
  return bits.filter(([bit]) => (whole & (1 << bit)) !== 0);
}
