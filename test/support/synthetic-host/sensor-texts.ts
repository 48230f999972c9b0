import type { PowerModel } from "./power-model.ts";
import type { ServerShape } from "./server-shape.ts";
import type { Texts } from "./texts.ts";

/** One hardware monitoring chip: what never changes of it, and what it reads in a frame. */
interface Chip {
  readonly driver: string;
  /** Where its `device` link leads. */
  readonly device: string;
  readonly facts: Texts;
  readonly readings: (frame: number) => Texts;
}

export interface SensorTexts {
  readonly texts: Texts;
  readonly links: Texts;
  readonly readings: (frame: number) => Texts;
}

/** /sys/class/hwmon of the server, chips in the order in which their drivers were loaded. */
export function createSensorTexts(shape: ServerShape, power: PowerModel): SensorTexts {
  const chips = [
    ...coreChips(shape, power),
    ...driveChips(shape, power),
    ...fanChips(shape, power),
    ...supplyChips(shape, power),
    ...meterChips(shape, power),
  ];
  const texts: Record<string, string> = {};
  const links: Record<string, string> = {};
  for (const [index, { driver, device, facts }] of chips.entries()) {
    Object.assign(texts, below(index, { name: driver, ...facts }));
    links[`/sys/class/hwmon/hwmon${index}/device`] = `../../../${device}`;
  }
  return {
    texts,
    links,
    readings: (frame) =>
      Object.assign({}, ...chips.map((chip, index) => below(index, chip.readings(frame)))),
  };
}

function below(index: number, files: Texts): Texts {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [
      `/sys/class/hwmon/hwmon${index}/${name}`,
      `${text}\n`,
    ]),
  );
}

/** The package and some of its cores, each a little warmer or cooler than the next. */
function coreChips(shape: ServerShape, power: PowerModel): readonly Chip[] {
  const { coretemp } = shape.sensors;
  if (coretemp === null) return [];
  const isIntel = shape.processor.vendor === "GenuineIntel";
  return Array.from({ length: shape.processor.sockets }, (_, socket): Chip => {
    const labels = Array.from({ length: coretemp.perSocket }, (_, place) =>
      isIntel
        ? place === 0
          ? `Package id ${socket}`
          : `Core ${place - 1}`
        : place === 0
          ? "Tctl"
          : `Tccd${place}`,
    );
    return {
      driver: isIntel ? "coretemp" : "k10temp",
      device: isIntel ? `coretemp.${socket}` : `0000:00:18.${3 + socket}`,
      facts: numbered(labels, (place) => `temp${place}_label`),
      readings: (frame) => {
        const degrees = labels.map(
          (_, place) =>
            37 + socket * 2 + 41 * power.warmth(frame) - (place === 0 ? 0 : 1 + ((place * 7) % 5)),
        );
        return numbered(degrees.map(wholeDegrees), (place) => `temp${place}_input`);
      },
    };
  });
}

function driveChips(shape: ServerShape, power: PowerModel): readonly Chip[] {
  return shape.disks.map((disk, index): Chip => {
    const isNvme = disk.kind === "nvme";
    const base = isNvme ? 33 : 27;
    return {
      driver: isNvme ? "nvme" : "drivetemp",
      device: isNvme ? disk.name.replace(/n\d+$/, "") : `${index}:0:0:0`,
      facts: isNvme ? { temp1_label: "Composite" } : {},
      readings: (frame) => ({
        temp1_input: wholeDegrees(base + (index % 5) + (isNvme ? 14 : 9) * power.warmth(frame)),
      }),
    };
  });
}

function fanChips(shape: ServerShape, power: PowerModel): readonly Chip[] {
  const { count, faulty } = shape.sensors.fans;
  // Where a BMC drives the fans, the board's own chip has nothing on its pins.
  if (count === 0 || shape.sensors.bmc) return [];
  const fans = Array.from({ length: count }, (_, place) => place + 1);
  const facts: Record<string, string> = {};
  for (const fan of fans) facts[`fan${fan}_fault`] = fan === faulty ? "1" : "0";
  return [
    {
      driver: "nct6776",
      device: "nct6775.2592",
      facts,
      readings: (frame) => ({
        ...numbered(
          fans.map((fan) =>
            fan === faulty
              ? "0"
              : String(Math.round((4_100 + 5_600 * power.warmth(frame)) / 10 + fan * 3) * 10),
          ),
          (place) => `fan${place}_input`,
        ),
        in0_input: "1024",
        in1_input: "12096",
      }),
    },
  ];
}

/** PMBus supplies: what they take, what they give, their own fan, heat and line voltage. */
function supplyChips(shape: ServerShape, power: PowerModel): readonly Chip[] {
  if (shape.sensors.bmc) return [];
  return Array.from({ length: shape.sensors.supplies }, (_, supply): Chip => {
    const watts = power.supplyWatts(supply);
    return {
      driver: "dps920ab",
      device: `3-00${58 + supply}`,
      facts: { power1_label: "pin", power2_label: "pout1", in1_label: "vin", fan1_fault: "0" },
      readings: (frame) => ({
        power1_input: String(Math.round(watts(frame) * 4) * 250_000),
        power2_input: String(Math.round(watts(frame) * 0.94 * 4) * 250_000),
        fan1_input: String(Math.round(8_200 + 2_400 * power.warmth(frame))),
        in1_input: "230500",
        temp1_input: wholeDegrees(31 + 9 * power.warmth(frame)),
      }),
    };
  });
}

function meterChips(shape: ServerShape, power: PowerModel): readonly Chip[] {
  if (!shape.sensors.powerMeter) return [];
  return [
    {
      driver: "power_meter",
      device: "ACPI000D:00",
      facts: { power1_average_interval: "1000" },
      readings: (frame) => ({ power1_average: String(Math.round(power.whole(frame)) * 1_000_000) }),
    },
  ];
}

function numbered(values: readonly string[], name: (place: number) => string): Texts {
  return Object.fromEntries(values.map((value, place) => [name(place + 1), value]));
}

/** These sensors know whole degrees and say thousandths. */
function wholeDegrees(degrees: number): string {
  return String(Math.round(degrees) * 1_000);
}
