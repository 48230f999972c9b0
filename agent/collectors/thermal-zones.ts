import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { GaugeFile } from "./gauge-files.ts";
import { trimSysfs } from "./text.ts";

/**
 * The firmware's thermal zones, for hosts whose hwmon has no temperature.
 * Source: /sys/class/thermal/thermal_zoneN/{type,temp}, thousandths of a degree Celsius.
 */
export function findThermalZones(source: HardwareSource): readonly GaugeFile[] {
  const listed = source.listDirectory(folder);
  if (!listed.ok) return [];
  const zones = listed.value.filter((name) => zoneForm.test(name)).sort();
  const types = new Map<string, number>();
  return zones.map((zone) => {
    const read = source.readText(`${folder}/${zone}/type`);
    const type = (read.ok ? trimSysfs(read.value) : "") || zone;
    // The zone's number changes from boot to boot; its place among zones of one type does not.
    const place = (types.get(type) ?? 0) + 1;
    types.set(type, place);
    return {
      path: `${folder}/${zone}/temp`,
      metric: "hw.temperature",
      attributes: {
        "hw.id": `zone:${type}:${place}`,
        "hw.parent": "thermal_zone",
        "hw.name": type,
      },
      exponent: -1,
      rawPerUnit: 100,
      plausible: { min: -40_000, max: 150_000 },
      cadenceMs: 10_000,
    };
  });
}

const folder = "/sys/class/thermal";
const zoneForm = /^thermal_zone\d+$/;
