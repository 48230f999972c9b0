import type { RedfishSupply } from "./redfish-facts.ts";
import type { Resource } from "./resource.ts";
import type { RedfishTree } from "./tree.ts";

const suppliesMax = 64;
const wattsMax = 20_000;
/** A supply draws more than it gives, but not by this much. */
const inputOverCapacityMax = 1.15;

export interface SupplyOfChassis {
  readonly chassis: string;
  readonly supply: RedfishSupply;
}

/**
 * The supplies of each chassis: those of `Power`, completed by those of `PowerSubsystem`, which many
 * services list beside them. The same supply (serial, else name) is one.
 */
export function readSupplies(
  tree: RedfishTree,
  chassis: readonly Resource[],
): readonly SupplyOfChassis[] {
  return chassis.flatMap((one) => {
    const power = tree.follow(one, "Power");
    const old = power?.entries("PowerSupplies", suppliesMax).map(readOldSupply) ?? [];
    const subsystem = tree.follow(one, "PowerSubsystem");
    const added = tree
      .members(subsystem, "PowerSupplies")
      .slice(0, suppliesMax)
      .map((entry) => readNewSupply(tree, entry))
      .filter((supply) => !old.some((known) => isSame(known, supply)));
    return [...old, ...added].map((supply) => ({ chassis: one.path, supply }));
  });
}

function readOldSupply(entry: Resource): RedfishSupply {
  return readSupply(entry, {
    input: entry.plausible("PowerInputWatts", 0, wattsMax),
    output:
      entry.plausible("PowerOutputWatts", 0, wattsMax) ??
      entry.plausible("LastPowerOutputWatts", 0, wattsMax),
    volts: entry.number("LineInputVoltage"),
  });
}

function readNewSupply(tree: RedfishTree, entry: Resource): RedfishSupply {
  const metrics = tree.follow(entry, "Metrics");
  const within = (watts: number | null): number | null =>
    watts !== null && watts >= 0 && watts <= wattsMax ? watts : null;
  return readSupply(entry, {
    input: within(metrics?.reading("InputPowerWatts") ?? null),
    output: within(metrics?.reading("OutputPowerWatts") ?? null),
    volts: metrics?.reading("InputVoltage") ?? null,
  });
}

function readSupply(
  entry: Resource,
  readings: {
    readonly input: number | null;
    readonly output: number | null;
    readonly volts: number | null;
  },
): RedfishSupply {
  const partState = entry.partState();
  const model = entry.label("Model");
  const serial = entry.label("SerialNumber");
  const capacity = entry.plausible("PowerCapacityWatts", 0, wattsMax);
  const capacityWatts = capacity === 0 ? null : capacity;
  const isAbsent = partState.state?.toLowerCase() === "absent";
  const saysNothing =
    model === null && serial === null && readings.input === null && readings.output === null;
  const isPresent = isAbsent ? false : partState.state === null && saysNothing ? null : true;
  const isRead = isPresent === true && !entry.isAway();
  return {
    path: entry.path,
    name: entry.label("Name"),
    isPresent,
    model,
    serial,
    firmware: entry.label("FirmwareVersion"),
    inputWatts: isRead ? withinCapacity(entry, readings.input, capacityWatts) : null,
    outputWatts: isRead ? readings.output : null,
    capacityWatts,
    inputVolts: isRead ? plausibleVolts(entry, readings.volts) : null,
    ...partState,
  };
}

function withinCapacity(
  entry: Resource,
  watts: number | null,
  capacityWatts: number | null,
): number | null {
  if (watts === null || capacityWatts === null) return watts;
  if (watts <= capacityWatts * inputOverCapacityMax) return watts;
  entry.notes.add(
    entry.path,
    "implausible",
    `draws ${watts} W, yet is made for ${capacityWatts} W`,
  );
  return null;
}

/** From 48 V bus bars to 415 V mains; 0 of a supply without input is a reading. */
function plausibleVolts(entry: Resource, volts: number | null): number | null {
  if (volts === null || volts === 0 || (volts >= 36 && volts <= 500)) return volts;
  entry.notes.add(entry.path, "implausible", `the input voltage is ${volts}`);
  return null;
}

function isSame(one: RedfishSupply, other: RedfishSupply): boolean {
  if (one.serial !== null && other.serial !== null) return one.serial === other.serial;
  return one.name !== null && one.name === other.name;
}
