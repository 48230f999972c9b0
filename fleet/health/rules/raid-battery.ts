import { certain, fine } from "../grade.ts";
import { valueRule } from "../rule-kinds.ts";
import { timings } from "../thresholds.ts";

/** The battery or capacitor that keeps a controller's cache. */
export const raidBattery = valueRule({
  name: "raid-battery",
  looksAt: "batteries of RAID controllers",
  partKind: "battery",
  ...timings.said,
  clearsWhen: "a fit battery for 1 h",
  metric: "wws.raid.battery.ok",

  grade: (fit) => (fit === 0 ? certain("degraded") : fine),
  words: () => "the controller's battery or capacitor is not fit: writes are slower or unsafe",
});
