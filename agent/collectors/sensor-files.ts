import type { GaugeFile } from "./gauge-files.ts";
import type { HwmonChip, HwmonSensor } from "./hwmon.ts";

/** Temperatures, fans and voltages of a chip as files to read. */
export function sensorFilesOf(chip: HwmonChip): readonly GaugeFile[] {
  return chip.sensors.flatMap((sensor) => {
    const form = sensor.trouble === null ? forms[sensor.kind] : null;
    return form === null
      ? []
      : [{ ...form(chip, sensor), attributes: sensorAttributes(chip, sensor) }];
  });
}

/** `hw.id` is the same after a reboot; `hw.name` is what the board's maker calls it. */
export function sensorAttributes(
  chip: HwmonChip,
  sensor: HwmonSensor,
): Readonly<Record<string, string>> {
  const attributes = { "hw.id": `${chip.id}:${sensor.name}`, "hw.parent": chip.driver };
  return sensor.label === null ? attributes : { ...attributes, "hw.name": sensor.label };
}

/** How often a chip's readings are taken: 0 is every step. */
export function chipCadenceMs(driver: string): number {
  return slowDrivers.has(driver) ? slowCadenceMs : 0;
}

type Form = (chip: HwmonChip, sensor: HwmonSensor) => Omit<GaugeFile, "attributes">;

const forms: Readonly<Record<HwmonSensor["kind"], Form | null>> = {
  // Thousandths of a degree; kept as tenths, finer than any of these sensors is exact.
  temp: (chip, sensor) => ({
    path: sensor.path,
    metric: "hw.temperature",
    exponent: -1,
    rawPerUnit: 100,
    plausible: { min: -40_000, max: 150_000 },
    sentinels: temperatureSentinels,
    cadenceMs: chipCadenceMs(chip.driver),
  }),
  fan: (chip, sensor) => ({
    path: sensor.path,
    metric: "hw.fan.speed",
    exponent: 0,
    rawPerUnit: 1,
    plausible: { min: 0, max: 50_000 },
    cadenceMs: chipCadenceMs(chip.driver),
  }),
  in: (_chip, sensor) => ({
    path: sensor.path,
    metric: "hw.voltage",
    exponent: -3,
    rawPerUnit: 1,
    plausible: { min: -20_000, max: 420_000 },
    cadenceMs: slowCadenceMs,
  }),
  // Power has its own collector.
  power: null,
};

/** 0 K, and 65535 K less 273.15: what the nvme driver shows for sensors that a drive lacks. */
const temperatureSentinels = [-273_150, 65_261_850] as const;

const slowCadenceMs = 10_000;

/** Drivers whose readings go over I²C, to a disk, or through the firmware: milliseconds each. */
const slowDrivers: ReadonlySet<string> = new Set([
  "nvme",
  "drivetemp",
  "jc42",
  "spd5118",
  "ee1004",
  "power_meter",
  "acpitz",
  "pmbus",
  "applesmc",
  "mlx5",
  "i350bb",
  "tg3",
  "bnxt_en",
  "iwlwifi_1",
  "amdgpu",
  "nouveau",
  "dell_smm",
  "ipmisensors",
]);
