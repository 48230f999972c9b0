import type { RedfishFan, RedfishTemperature } from "./redfish-facts.ts";
import { lastWord } from "./read-systems.ts";
import type { Resource } from "./resource.ts";
import type { RedfishTree } from "./tree.ts";

const sensorsMax = 1_000;
const celsiusMin = -60;
const celsiusMax = 200;
/** A limit below this is a distance's, not a temperature's. */
const marginLimitMax = 15;

/** `Thermal` where the chassis has it, else its `Sensors`: the same sensor stands in both. */
export function readTemperatures(
  tree: RedfishTree,
  chassis: readonly Resource[],
): readonly RedfishTemperature[] {
  return chassis.flatMap((one) => {
    const old = tree.follow(one, "Thermal")?.entries("Temperatures", sensorsMax) ?? [];
    if (old.length > 0)
      return old.map((entry) => readTemperature(entry, "ReadingCelsius", oldUpperCritical(entry)));
    return tree
      .members(one, "Sensors")
      .filter((sensor) => sensor.json["ReadingType"] === "Temperature")
      .map((sensor) => readTemperature(sensor, "Reading", newUpperCritical(sensor)));
  });
}

function readTemperature(
  entry: Resource,
  key: string,
  upperCritical: number | null,
): RedfishTemperature {
  const name = entry.text("Name") ?? lastWord(entry.path);
  const reading = entry.isAway() ? null : entry.number(key);
  const isMargin =
    marginName.test(name) ||
    (upperCritical !== null && upperCritical !== 0 && upperCritical <= marginLimitMax);
  const isPlausible = reading !== null && reading >= celsiusMin && reading <= celsiusMax;
  if (reading !== null && !isMargin && !isPlausible)
    entry.notes.add(entry.path, "implausible", `${name} says ${reading} °C`);
  return {
    path: entry.path,
    name,
    context: entry.text("PhysicalContext"),
    celsius: !isMargin && isPlausible ? reading : null,
    margin: isMargin ? reading : null,
    // 0 and 255 are what boards leave where no limit is set.
    upperCritical: upperCritical === 0 || upperCritical === 255 ? null : upperCritical,
    ...entry.partState(),
  };
}

function oldUpperCritical(entry: Resource): number | null {
  return entry.number("UpperThresholdCritical");
}

function newUpperCritical(sensor: Resource): number | null {
  return sensor.child("Thresholds")?.child("UpperCritical")?.number("Reading") ?? null;
}

export function readFans(tree: RedfishTree, chassis: readonly Resource[]): readonly RedfishFan[] {
  return chassis.flatMap((one) => {
    const old = tree.follow(one, "Thermal")?.entries("Fans", sensorsMax) ?? [];
    if (old.length > 0) return old.map(readOldFan);
    return tree.members(tree.follow(one, "ThermalSubsystem"), "Fans").map(readNewFan);
  });
}

function readOldFan(entry: Resource): RedfishFan {
  const reading = entry.isAway()
    ? null
    : (entry.number("Reading") ?? entry.number("CurrentReading"));
  const units = entry.text("ReadingUnits") ?? entry.text("Units");
  const isPercent = units !== null && /percent/i.test(units);
  return {
    path: entry.path,
    name: entry.text("Name") ?? entry.text("FanName") ?? lastWord(entry.path),
    rpm: isPercent ? null : plausible(entry, reading, 0, 60_000),
    percent: isPercent ? plausible(entry, reading, 0, 100) : null,
    ...entry.partState(),
  };
}

function readNewFan(fan: Resource): RedfishFan {
  const speed = fan.isAway() ? null : fan.child("SpeedPercent");
  return {
    path: fan.path,
    name: fan.text("Name") ?? lastWord(fan.path),
    rpm: plausible(fan, speed?.number("SpeedRPM") ?? null, 0, 60_000),
    percent: plausible(fan, speed?.number("Reading") ?? null, 0, 100),
    ...fan.partState(),
  };
}

function plausible(entry: Resource, value: number | null, min: number, max: number): number | null {
  if (value === null || (value >= min && value <= max)) return value;
  entry.notes.add(entry.path, "implausible", `a fan says ${value}, not within ${min} to ${max}`);
  return null;
}

/** Distances to a limit, by the names that boards give them. */
const marginName = /margin|mrgn|(?:^|[ _])rem(?:$|[ _])|(?:^|[ _])dts(?:$|[ _\d])/i;
