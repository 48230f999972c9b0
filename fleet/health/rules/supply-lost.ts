import { certain, fine } from "../grade.ts";
import { valueRule } from "../rule-kinds.ts";
import { timings } from "../thresholds.ts";

/** A power supply that does not work; an empty bay has no series. */
export const supplyLost = valueRule({
  name: "supply-lost",
  looksAt: "power supplies",
  partKind: "psu",
  ...timings.lost,
  clearsWhen: "its return for 5 min",
  metric: "hw.power_supply.status",

  grade: (works) => (works === 0 ? certain("degraded") : fine),
  words: () => "the power supply does not work, or has no input",
});
