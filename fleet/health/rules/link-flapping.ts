import { countRule } from "../rule-kinds.ts";
import { thresholds, timings } from "../thresholds.ts";

/** A port whose link comes and goes: a cable, a transceiver, or the switch. */
export const linkFlapping = countRule({
  name: "link-flapping",
  looksAt: "changes of a port's carrier",
  partKind: "nic",
  ...timings.counted,
  clearsWhen: "fewer than 10 in 24 h",
  metric: "wws.network.carrier_changes",
  where: {},
  bounds: thresholds.carrierChanges,
  counted: "carrier changes since boot",
  restarts: true,
});
