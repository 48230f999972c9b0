import type { DriverPowerOrder } from "#fleet/boot-loop/bmc-driver.ts";

/** A server as its controller sees and moves it; the simulated Redfish asks for the same. */
export interface MachinePort {
  isOn(): boolean;
  order(order: DriverPowerOrder | "interrupt"): void;
  boot(): BootOverride;
  setBoot(change: Partial<BootOverride>): void;
  watts(): number;
}

/** What the server was told to start from, in the words of Redfish. */
export interface BootOverride {
  readonly target: string;
  readonly enabled: "Disabled" | "Once" | "Continuous";
  readonly mode: "UEFI" | "Legacy";
  readonly uefiTarget: string | null;
  readonly httpUri: string | null;
  readonly bootNext: string | null;
  readonly order: readonly string[];
}

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
