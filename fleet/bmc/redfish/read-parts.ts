import { lastWord } from "./read-systems.ts";
import type { RedfishDimm, RedfishDrive } from "./redfish-facts.ts";
import type { Resource } from "./resource.ts";
import type { RedfishTree } from "./tree.ts";

/** An empty slot has a row with `isPresent` false and nothing else. */
export function readDimms(tree: RedfishTree, system: Resource): readonly RedfishDimm[] {
  return tree.members(system, "Memory").map((dimm) => {
    const partState = dimm.partState();
    const slot = dimm.text("DeviceLocator") ?? dimm.text("Name") ?? lastWord(dimm.path);
    const sizeMiB = dimm.plausible("CapacityMiB", 0, 67_108_864);
    const isPresent = partState.state !== "Absent" && sizeMiB !== 0;
    const here = <Value>(value: Value): Value | null => (isPresent ? value : null);
    return {
      path: dimm.path,
      slot,
      isPresent,
      sizeMiB: here(sizeMiB),
      speedMHz: here(zeroAsNull(dimm.plausible("OperatingSpeedMhz", 0, 100_000))),
      manufacturer: here(dimm.label("Manufacturer")),
      serial: here(dimm.label("SerialNumber")),
      partNumber: here(dimm.label("PartNumber")),
      ...partState,
    };
  });
}

export function readDrives(tree: RedfishTree, system: Resource): readonly RedfishDrive[] {
  const found = new Map<string, RedfishDrive>();
  for (const storage of tree.members(system, "Storage"))
    for (const drive of tree.listed(storage, "Drives"))
      if (!found.has(drive.path)) found.set(drive.path, readDrive(drive));
  return [...found.values()];
}

function readDrive(drive: Resource): RedfishDrive {
  return {
    path: drive.path,
    id: drive.text("Id") ?? lastWord(drive.path),
    model: drive.label("Model"),
    serial: drive.label("SerialNumber"),
    sizeBytes: zeroAsNull(drive.plausible("CapacityBytes", 0, 2 ** 53)),
    mediaType: drive.text("MediaType"),
    protocol: drive.text("Protocol"),
    lifeLeftPercent: drive.plausible("PredictedMediaLifeLeftPercent", 0, 100),
    failurePredicted: drive.boolean("FailurePredicted"),
    ...drive.partState(),
  };
}

function zeroAsNull(value: number | null): number | null {
  return value === 0 ? null : value;
}
