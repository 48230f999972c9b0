import type { BmcProtocol } from "./bmc-driver.ts";
import type { BootWay } from "./boot-wish.ts";

/**
 * What is known of a class of hardware at one firmware. It orders the ladder and shortens no check;
 * hardware that nobody knows has `noQuirks` and the full ladder.
 */
export interface BootQuirks {
  /** Protocols in the order of asking; those not named come after, as the drivers come. */
  readonly protocols: readonly BmcProtocol[];
  /** Preferred first. */
  readonly ways: readonly { readonly protocol: BmcProtocol; readonly way: BootWay }[];
  /** How a running host is brought to start anew: some hang in a restart. */
  readonly startBy: "restart" | "off-on";
  /** What is written as boot order names the wrong device for ever: what booted decides alone. */
  readonly isOrderUnreadable: boolean;
}

export const noQuirks: BootQuirks = {
  protocols: [],
  ways: [],
  startBy: "restart",
  isOrderUnreadable: false,
};
