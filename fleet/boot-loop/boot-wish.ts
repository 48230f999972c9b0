/** What a host shall start from, once or until told otherwise. */
export interface BootWish {
  readonly device: BootDevice;
  readonly mode: "uefi" | "legacy";
  readonly isOnce: boolean;
  /** Where the wish is more exact than its device; sent by the ways that can say it. */
  readonly uefiTarget: string | null;
  readonly httpUri: string | null;
}

/** `none`: no override, the host's own order holds. */
export const bootDevices = ["network", "http", "disk", "media", "setup", "none"] as const;
export type BootDevice = (typeof bootDevices)[number];

/**
 * A form of one and the same wish: which resource, which fields, which bytes. Data, so that what a
 * class of hardware wants can be written down and learnt; the same names in journal and quirk table.
 */
export const bootWays = [
  /** Redfish: target, enabled and mode at the system. */
  "system-full",
  "system-without-mode",
  "system-target-only",
  /** Redfish: at the address that @Redfish.Settings names, with its own ETag. */
  "settings-full",
  "settings-without-mode",
  /** Redfish: UefiTarget and UefiTargetBootSourceOverride. */
  "uefi-target",
  /** Redfish: BootNext. */
  "boot-next",
  /** Redfish: the network's entries first in Boot.BootOrder. */
  "boot-order",
  /** IPMI: boot flags, parameter 5, by the standard. */
  "flags",
  /** IPMI: with the bytes e0 or a0 that some want. */
  "flags-raw",
] as const;
export type BootWay = (typeof bootWays)[number];

/** What a BMC says that it will start from. `unknown`: it says nothing that can be read. */
export interface BootSight {
  readonly device: BootDevice | "other" | "unknown";
  readonly enabled: "once" | "continuous" | "disabled" | "unknown";
  readonly mode: "uefi" | "legacy" | "unknown";
  /** Devices of the order that counts, as the BMC names them; null: it does not say. */
  readonly order: readonly string[] | null;
  /** In its own words. */
  readonly said: string;
}
