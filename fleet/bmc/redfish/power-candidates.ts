import type { SupplyOfChassis } from "./read-supplies.ts";
import type { PowerCandidate } from "./redfish-facts.ts";
import type { Resource } from "./resource.ts";
import { plainPath, type RedfishTree } from "./tree.ts";

const controlsMax = 64;
const wattsMax = 200_000;

export interface PowerWorld {
  readonly systems: readonly Resource[];
  readonly chassis: readonly Resource[];
  readonly supplies: readonly SupplyOfChassis[];
}

export interface FoundCandidate extends PowerCandidate {
  /** Lower is nearer to the whole of the system. */
  readonly rank: number;
  readonly entry: Resource | null;
}

/** Every figure that says what something draws, in the order in which they are believed. */
export function findCandidates(tree: RedfishTree, world: PowerWorld): readonly FoundCandidate[] {
  const ofChassis = world.chassis.flatMap((chassis) => {
    const isOfSystem = world.systems.some((system) => belongsTo(chassis, system));
    const rank = isOfSystem ? 0 : 10;
    return [
      ...fromPowerControl(tree, chassis, world, rank),
      ...fromEnvironment(tree, chassis, world, rank + 1),
      ...fromControls(tree, chassis, rank + 2),
      ...fromOnlySensor(tree, chassis, rank + 3),
    ];
  });
  return [...ofChassis, ...fromSupplies(world)];
}

function fromPowerControl(
  tree: RedfishTree,
  chassis: Resource,
  world: PowerWorld,
  rank: number,
): readonly FoundCandidate[] {
  const power = tree.follow(chassis, "Power");
  const controls = power?.entries("PowerControl", controlsMax) ?? [];
  return controls.flatMap((entry, index) => {
    const watts = entry.number("PowerConsumedWatts");
    if (watts === null) return [];
    const related = entry.links("RelatedItem", 64).map(plainPath);
    const namesSystem = world.systems.some(({ path }) => related.includes(path));
    const notBelieved =
      judgeWatts(watts) ??
      (entry.isAway() ? `its state is ${entry.partState().state}` : null) ??
      (isPart(entry, index) ? "it is of a part" : null) ??
      (namesSystem ? null : judgeChassis(chassis, world));
    return [
      {
        source: "power-control",
        path: entry.path,
        watts,
        notBelieved,
        rank: namesSystem ? 0 : rank,
        entry,
      },
    ];
  });
}

function fromEnvironment(
  tree: RedfishTree,
  chassis: Resource,
  world: PowerWorld,
  rank: number,
): readonly FoundCandidate[] {
  const metrics = tree.follow(chassis, "EnvironmentMetrics");
  const watts = metrics?.reading("PowerWatts") ?? null;
  if (metrics === undefined || watts === null) return [];
  const notBelieved = judgeWatts(watts) ?? judgeChassis(chassis, world);
  return [
    { source: "environment-metrics", path: metrics.path, watts, notBelieved, rank, entry: metrics },
  ];
}

/** The control that limits the whole chassis names the sensor of the whole chassis. */
function fromControls(
  tree: RedfishTree,
  chassis: Resource,
  rank: number,
): readonly FoundCandidate[] {
  return tree.members(chassis, "Controls").flatMap((control) => {
    if (control.text("ControlType") !== "Power" || control.text("PhysicalContext") !== "Chassis")
      return [];
    const link = control.child("Sensor")?.text("DataSourceUri") ?? null;
    const sensor = tree.find(link);
    const watts = sensor?.number("Reading") ?? control.child("Sensor")?.number("Reading") ?? null;
    if (watts === null) return [];
    const away = sensor?.isAway() === true ? "its sensor is away" : null;
    const notBelieved = judgeWatts(watts) ?? away;
    const path = plainPath(link ?? control.path);
    return [{ source: "sensor", path, watts, notBelieved, rank, entry: sensor ?? control }];
  });
}

/** The only power sensor of a chassis, unless it says which part it is of. */
function fromOnlySensor(
  tree: RedfishTree,
  chassis: Resource,
  rank: number,
): readonly FoundCandidate[] {
  const sensors = tree
    .members(chassis, "Sensors")
    .filter((sensor) => sensor.json["ReadingType"] === "Power");
  const whole = sensors.filter((sensor) => {
    const context = sensor.text("PhysicalContext");
    const isNamed = /^total[ _-]?power$/i.test(sensor.text("Name") ?? "");
    return isNamed || (sensors.length === 1 && (context === null || context === "Chassis"));
  });
  return whole.flatMap((sensor) => {
    const watts = sensor.number("Reading");
    if (watts === null) return [];
    const notBelieved = judgeWatts(watts) ?? (sensor.isAway() ? "the sensor is away" : null);
    return [{ source: "sensor", path: sensor.path, watts, notBelieved, rank, entry: sensor }];
  });
}

/** All supplies of one chassis, where each that is there says what it draws. */
function fromSupplies({ supplies }: PowerWorld): readonly FoundCandidate[] {
  const present = supplies.filter(({ supply }) => supply.isPresent !== false);
  const first = present[0];
  if (first === undefined || present.some(({ chassis }) => chassis !== first.chassis)) return [];
  const inputs = present.map(({ supply }) => supply.inputWatts);
  if (inputs.some((watts) => watts === null)) return [];
  const watts = inputs.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  const repeats = inputs.length > 2 && inputs.every((one) => one === inputs[0]);
  const notBelieved =
    judgeWatts(watts) ?? (repeats ? "each supply says the same: it may be the whole" : null);
  return [
    { source: "supplies-input", path: first.chassis, watts, notBelieved, rank: 20, entry: null },
  ];
}

function judgeWatts(watts: number): string | null {
  if (watts === 0) return "0 W is no measurement";
  return watts < 0 || watts > wattsMax ? "outside of what can be" : null;
}

/** CPU, memory and GPU subsystems follow the whole in the same list. */
function isPart(entry: Resource, index: number): boolean {
  const context = entry.text("PhysicalContext") ?? "";
  const name = entry.text("Name") ?? "";
  return (
    /^(?:CPU|CPUSubsystem|Memory|MemorySubsystem|GPU|GPUSubsystem|Accelerator|ASIC|Fan|StorageDevice)$/i.test(
      context,
    ) ||
    (index > 0 && /cpu|processor|memory|dimm|gpu|drive|storage|fan|pcie/i.test(name))
  );
}

/** A module's figure is a part of its chassis', unless it is the only chassis there is. */
function judgeChassis(chassis: Resource, { chassis: all }: PowerWorld): string | null {
  const type = chassis.text("ChassisType") ?? "";
  const isModule = /^(?:Module|Component|Card|Zone|Cartridge|Expansion|StorageEnclosure)$/i.test(
    type,
  );
  return isModule && all.length > 1 ? `it is of a ${type.toLowerCase()}` : null;
}

/** Where a system stands, by both directions of the links. */
function belongsTo(chassis: Resource, system: Resource): boolean {
  const inSystem = system.child("Links")?.links("Chassis", 64) ?? [];
  const inChassis = chassis.child("Links")?.links("ComputerSystems", 64) ?? [];
  return (
    inSystem.some((link) => plainPath(link) === chassis.path) ||
    inChassis.some((link) => plainPath(link) === system.path)
  );
}
