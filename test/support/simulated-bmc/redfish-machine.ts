import type { DriverPowerOrder } from "#fleet/boot-loop/bmc-driver.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";

/**
 * The server behind a controller, as Redfish needs it. A rack of its own stands behind the same
 * interface; IPMI and Redfish over one server are handed the same one.
 */
export interface RedfishMachine {
  isOn(): boolean;
  /** Takes what it is asked; what it makes of an order that does not fit its state is its own. */
  order(order: DriverPowerOrder | "interrupt"): void;
  boot(): BootOverride;
  setBoot(change: Partial<BootOverride>): void;
  watts(): number;
}

/** In the words of Redfish. */
export interface BootOverride {
  readonly target: string;
  readonly enabled: "Disabled" | "Once" | "Continuous";
  readonly mode: "UEFI" | "Legacy";
  readonly uefiTarget: string | null;
  readonly httpUri: string | null;
  readonly bootNext: string | null;
  readonly order: readonly string[];
}

export const bootEntries: readonly (readonly [id: string, name: string, device: string])[] = [
  [
    "Boot0001",
    "Debian",
    "HD(1,GPT,5e1a7b52-0f2c-4d0e-9a53-6c1f0e7a9b10)/\\EFI\\debian\\shimx64.efi",
  ],
  [
    "Boot0003",
    "UEFI PXEv4 NIC 1",
    "PciRoot(0x0)/Pci(0x1C,0x0)/MAC(525400120001,0x1)/IPv4(0.0.0.0)",
  ],
  [
    "Boot0004",
    "UEFI HTTPv4 NIC 1",
    "PciRoot(0x0)/Pci(0x1C,0x0)/MAC(525400120001,0x1)/IPv4(0.0.0.0)/Uri()",
  ],
];

export interface MachineUnderTest extends RedfishMachine {
  /** What it started from, oldest first: `Pxe UEFI`, or the first entry of its order. */
  readonly starts: readonly string[];
  /** Orders that it took, oldest first. */
  readonly orders: readonly string[];
  switchTo(isOn: boolean): void;
}

/** An honest server without a system: it is asked to stop and does so after `softMs`. */
export function createMachine(
  clock: Pick<Clock, "after">,
  {
    isOn = true,
    softMs = 5_000,
    onWatts = 248,
  }: { readonly isOn?: boolean; readonly softMs?: number; readonly onWatts?: number } = {},
): MachineUnderTest {
  let power = isOn;
  let boot: BootOverride = {
    target: "None",
    enabled: "Disabled",
    mode: "UEFI",
    uefiTarget: null,
    httpUri: null,
    bootNext: null,
    order: bootEntries.map(([id]) => id),
  };
  const starts: string[] = [];
  const orders: string[] = [];
  const start = (): void => {
    power = true;
    const isOverridden = boot.enabled !== "Disabled" && boot.target !== "None";
    const entry = boot.bootNext ?? boot.order[0] ?? "nothing";
    const isNext = boot.target === "UefiBootNext" || !isOverridden;
    starts.push(isNext ? entry : `${boot.target} ${boot.mode}`);
    if (boot.enabled === "Once") boot = { ...boot, enabled: "Disabled", target: "None" };
    boot = { ...boot, bootNext: null };
  };
  return {
    starts,
    orders,
    isOn: () => power,
    watts: () => (power ? onWatts : 12),
    boot: () => boot,
    setBoot: (change) => {
      boot = { ...boot, ...change };
    },
    switchTo: (isToBeOn) => {
      if (!isToBeOn) power = false;
      else if (!power) start();
    },
    order: (order) => {
      orders.push(order);
      if (order === "on" && !power) start();
      if (order === "off") power = false;
      if (order === "ac-cycle" || (power && (order === "restart" || order === "cycle"))) start();
      if (!power || (order !== "soft-off" && order !== "soft-restart")) return;
      clock.after(softMs, () => {
        power = false;
        if (order === "soft-restart") start();
      });
    },
  };
}
