import type { BootOverride } from "#test/support/simulated-bmc/redfish-machine.ts";

/** Entries of the firmware's boot order, the usual first. */
export const bootOrder = ["Boot0001", "Boot0003", "Boot0004"] as const;
const networkEntries: readonly string[] = ["Boot0003", "Boot0004"];

/** Whether the next start is one from the network. */
export function isNetworkWanted(boot: BootOverride): boolean {
  if (boot.enabled !== "Disabled") {
    if (boot.target === "Pxe" || boot.target === "UefiHttp") return true;
    if (boot.target === "UefiTarget") return /MAC\(/.test(boot.uefiTarget ?? "");
    if (boot.target === "UefiBootNext") return networkEntries.includes(boot.bootNext ?? "");
    if (boot.target !== "None") return false;
  }
  return networkEntries.includes(boot.order[0] ?? "");
}
