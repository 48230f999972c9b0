import { exits } from "../exits.ts";
import type { PlanRecord } from "../plan.ts";

/** The command that makes such a plan anew, for the same selector. */
export function askAgain({ action, selector }: Pick<PlanRecord, "action" | "selector">): string {
  const hosts = { name: selector };
  switch (action.kind) {
    case "drain":
      return action.force
        ? exits.forceDrain(hosts, action.drain)
        : exits.drain(hosts, action.drain);
    case "reboot":
      return exits.reboot(hosts);
    case "return":
      return exits.returnHost(hosts);
    case "clear":
      return exits.clear(hosts);
    case "locate":
      return action.isOn ? exits.locate(hosts) : exits.locateOff(hosts);
    case "power":
      return {
        on: exits.powerOn,
        off: exits.powerOff,
        cycle: exits.powerCycle,
        soft: exits.powerSoft,
      }[action.power](hosts);
  }
}
