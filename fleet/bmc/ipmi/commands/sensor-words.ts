/** Names of sensor types (IPMI 2.0, table 42-3) and units (table 43-15), the common ones. */
export function sensorTypeName(type: number): string {
  return types[type] ?? (type >= 0xc0 ? "oem" : `type ${type}`);
}

export function unitName(unit: number, isPercent: boolean): string {
  return isPercent ? "percent" : (units[unit] ?? `unit ${unit}`);
}

/** The sensor-specific states (table 42-3) that are on, of the types that tell of failed parts. */
export function stateNames(type: string, states: number): readonly string[] {
  return (stateWords[type] ?? []).filter((_, bit) => ((states >> bit) & 1) === 1);
}

/** States that say that a part is lost or failing. */
export const badStates: ReadonlySet<string> = new Set([
  "failed",
  "failing soon",
  "no input",
  "input lost or out of range",
  "wrong configuration",
  "thermal trip",
  "internal error",
  "uncorrectable error",
  "power unit failed",
  "AC lost",
  "low",
  "battery failed",
]);

const stateWords: Readonly<Record<string, readonly string[]>> = {
  "power-supply": [
    "present",
    "failed",
    "failing soon",
    "no input",
    "input lost or out of range",
    "input out of range",
    "wrong configuration",
    "standby",
  ],
  "power-unit": [
    "off",
    "power cycled",
    "240 VA power down",
    "interlock",
    "AC lost",
    "soft power failed",
    "power unit failed",
    "failing soon",
  ],
  processor: ["internal error", "thermal trip"],
  memory: ["correctable error", "uncorrectable error"],
  "drive-slot": ["present", "failed", "failing soon"],
  battery: ["low", "battery failed", "present"],
};

const types: Readonly<Record<number, string>> = {
  1: "temperature",
  2: "voltage",
  3: "current",
  4: "fan",
  5: "chassis-intrusion",
  6: "security-violation",
  7: "processor",
  8: "power-supply",
  9: "power-unit",
  10: "cooling-device",
  11: "other-units",
  12: "memory",
  13: "drive-slot",
  15: "firmware-progress",
  16: "event-log",
  17: "watchdog-1",
  18: "system-event",
  19: "critical-interrupt",
  20: "button",
  21: "module",
  27: "cable",
  29: "boot-initiated",
  30: "boot-error",
  31: "os-boot",
  32: "os-stop",
  33: "slot",
  34: "acpi-power-state",
  35: "watchdog-2",
  37: "entity-presence",
  40: "management-health",
  41: "battery",
  43: "version-change",
  44: "fru-state",
};

const units: Readonly<Record<number, string>> = {
  0: "unspecified",
  1: "celsius",
  2: "fahrenheit",
  3: "kelvin",
  4: "volts",
  5: "amps",
  6: "watts",
  7: "joules",
  9: "volt-amperes",
  17: "cfm",
  18: "rpm",
  19: "hertz",
  21: "seconds",
  22: "minutes",
  23: "hours",
};
