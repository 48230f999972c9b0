import type { BootWay } from "#fleet/boot-loop/boot-wish.ts";

/** What a class of hardware is spoken to with first. Orders only: nothing is left out, all is read back. */
export interface RedfishQuirk {
  /** Each must match where it is given. */
  readonly maker?: RegExp;
  readonly model?: RegExp;
  /** Of the controller. */
  readonly firmware?: RegExp;
  readonly bootWaysFirst?: readonly BootWay[];
  readonly insertWaysFirst?: readonly string[];
  /** Where the serial stands that the host's own DMI tells too. */
  readonly serialAt?: "SerialNumber" | "SKU";
  readonly source: string;
}

export const redfishQuirks: readonly RedfishQuirk[] = [
  {
    maker: /^dell/i,
    serialAt: "SKU",
    source:
      "SKU is the service tag that DMI tells, SerialNumber the board's (recording of an XR8620t)",
  },
  {
    maker: /^dell/i,
    // iDRAC 10 keeps boot values in the settings object only.
    firmware: /^1\.(?:[1-9]\d)\./,
    bootWaysFirst: ["settings-full"],
    source: "sushy release notes; B61",
  },
  {
    maker: /american megatrends|^ami\b|asrock|gigabyte/i,
    bootWaysFirst: ["settings-full", "settings-without-mode"],
    source: "DMTF/Redfish-Tacklebox#111, #144; B32",
  },
  {
    maker: /^hpe?\b|hewlett/i,
    bootWaysFirst: ["system-without-mode"],
    source: "bmclib: redfishwrapper/boot_device.go; B34",
  },
  {
    maker: /nokia/i,
    insertWaysFirst: ["with-protocol"],
    source: "sushy release notes; B59",
  },
  {
    maker: /lenovo/i,
    insertWaysFirst: ["patch"],
    source: "python-redfish-lenovo#21; B60",
  },
];

export const redfishBootWays: readonly BootWay[] = [
  "system-full",
  "system-without-mode",
  "system-target-only",
  "settings-full",
  "settings-without-mode",
  "uefi-target",
  "boot-next",
  "boot-order",
];

/** Image only first: what more is sent, some refuse. */
export const redfishInsertWays: readonly string[] = [
  "image-only",
  "with-flags",
  "with-protocol",
  "patch",
];

export interface HardwareNames {
  readonly maker: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
}

export interface RedfishHabits {
  readonly bootWays: readonly BootWay[];
  readonly insertWays: readonly string[];
  readonly serialAt: "SerialNumber" | "SKU";
}

/** Earlier rows come first; unknown hardware gets the plain order. */
export function habitsOf(
  names: HardwareNames,
  quirks: readonly RedfishQuirk[] = redfishQuirks,
): RedfishHabits {
  const fits = quirks.filter(
    ({ maker, model, firmware }) =>
      isMatch(maker, names.maker) &&
      isMatch(model, names.model) &&
      isMatch(firmware, names.firmware),
  );
  const ways = fits.flatMap(({ bootWaysFirst }) => bootWaysFirst ?? []);
  const inserts = fits.flatMap(({ insertWaysFirst }) => insertWaysFirst ?? []);
  return {
    bootWays: [...new Set([...ways, ...redfishBootWays])],
    insertWays: [...new Set([...inserts, ...redfishInsertWays])],
    serialAt: fits.find(({ serialAt }) => serialAt !== undefined)?.serialAt ?? "SerialNumber",
  };
}

function isMatch(form: RegExp | undefined, name: string | null): boolean {
  return form === undefined || (name !== null && form.test(name));
}
