import type { GaugeFile } from "./gauge-files.ts";
import type { HwmonChip, HwmonSensor } from "./hwmon.ts";
import { chipCadenceMs, sensorAttributes } from "./sensor-files.ts";

/** A file in microwatts, and what its figure is of. */
export interface PowerFile extends GaugeFile {
  /**
   * `host`: a meter of the whole machine. `psu-input`: what one supply takes from the wall.
   * `psu-output`: what it gives. `part`: anything else, never added to the host's figure.
   */
  readonly measures: "host" | "psu-input" | "psu-output" | "part";
}

/** The power readings of a chip. Source: hwmon powerN_input or powerN_average, microwatts. */
export function powerFilesOf(chip: HwmonChip): readonly PowerFile[] {
  return chip.sensors.flatMap((sensor): readonly PowerFile[] => {
    if (sensor.kind !== "power" || sensor.trouble !== null) return [];
    const measures = measuresOf(chip, sensor);
    return [
      {
        path: sensor.path,
        metric: "hw.power",
        attributes: {
          ...sensorAttributes(chip, sensor),
          "hw.type":
            measures === "part"
              ? typeOf(chip.driver)
              : measures === "host"
                ? "enclosure"
                : "power_supply",
          // What goes into a supply comes out of it again: two sources, so that nobody adds them.
          "wws.power.source": measures.startsWith("psu-") ? measures : "hwmon",
        },
        exponent: -1,
        rawPerUnit: 100_000,
        plausible: { min: 0, max: 30_000_000_000 },
        cadenceMs: chipCadenceMs(chip.driver),
        measures,
        // The host's own meter is no part of the host: it speaks through hw.host.power alone.
        isSilent: measures === "host",
      },
    ];
  });
}

function measuresOf(chip: HwmonChip, sensor: HwmonSensor): PowerFile["measures"] {
  if (chip.driver === "power_meter") return "host";
  if (!supplyDriver.test(chip.driver)) return "part";
  if (sensor.label === null) return "psu-input";
  if (/^pin|input|\bin\b/i.test(sensor.label)) return "psu-input";
  return /^pout|output|\bout\b/i.test(sensor.label) ? "psu-output" : "part";
}

function typeOf(driver: string): string {
  if (/^(?:amdgpu|nouveau|i915|xe)$/.test(driver)) return "gpu";
  if (/^(?:fam15h_power|zenpower|amd_energy|k10temp)$/.test(driver)) return "cpu";
  return supplyDriver.test(driver) ? "power_supply" : "other";
}

/** Drivers of supplies on PMBus; voltage regulators on the same bus have names of their own. */
const supplyDriver =
  /^(?:psu|pmbus|(?:ibm-)?cffps\d*|inspur_ipsps1|ipsps\d*|dps\d+\w*|crps\w*|fsp\d*\w*|bel-?pfe\w*|pfe\d+\w*|corsairpsu|acbel\w*|delta\w*ps\w*)$/i;
