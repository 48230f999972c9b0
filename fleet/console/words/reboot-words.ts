import type { Host } from "#fleet/api/host-schemas.ts";

type Reboot = NonNullable<Host["lastReboot"]>;

const causes: Readonly<Record<string, string>> = {
  "clean-reboot": "rebooted in order",
  "kernel-panic": "kernel panic",
  watchdog: "reset by its watchdog",
  "power-lost": "power lost",
  "thermal-trip": "too hot",
  "operator-power-cycle": "power cycled by a person",
  "hardware-error": "hardware error",
  "firmware-reset": "reset by its firmware",
  unknown: "not known why",
};

/** A newer manager may know a cause that this page does not: it is shown as it is. */
export function causeWords(cause: string): string {
  return (Object.hasOwn(causes, cause) ? causes[cause] : undefined) ?? cause;
}

export const confidenceWords: Readonly<Record<Reboot["confidence"], string>> = {
  certain: "certain",
  likely: "likely",
  possible: "a guess",
};
