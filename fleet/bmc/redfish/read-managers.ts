import { parseRedfishTime } from "./redfish-time.ts";
import { lastWord } from "./read-systems.ts";
import type { RedfishChassis, RedfishFirmware, RedfishManager } from "./redfish-facts.ts";
import type { Resource } from "./resource.ts";
import type { RedfishTree } from "./tree.ts";

export function readManagers(
  tree: RedfishTree,
  managers: readonly Resource[],
): readonly RedfishManager[] {
  return managers.map((manager) => ({
    path: manager.path,
    id: manager.text("Id") ?? lastWord(manager.path),
    type: manager.text("ManagerType"),
    model: manager.label("Model"),
    firmware: manager.label("FirmwareVersion"),
    clockMs: readClock(manager),
    hasVirtualMedia:
      manager.link("VirtualMedia") !== null ||
      tree.find(manager.link("VirtualMedia")) !== undefined,
    ...manager.partState(),
  }));
}

export function readChassis(chassis: readonly Resource[]): readonly RedfishChassis[] {
  return chassis.map((one) => ({
    path: one.path,
    id: one.text("Id") ?? lastWord(one.path),
    type: one.text("ChassisType"),
    manufacturer: one.label("Manufacturer"),
    model: one.label("Model"),
    serial: one.label("SerialNumber"),
    ...one.partState(),
  }));
}

export function readFirmware(
  tree: RedfishTree,
  root: Resource | undefined,
): readonly RedfishFirmware[] {
  const service = tree.follow(root, "UpdateService");
  return tree.members(service, "FirmwareInventory").map((one) => ({
    path: one.path,
    name: one.label("Name") ?? one.text("Id"),
    version: one.label("Version"),
  }));
}

function readClock(manager: Resource): number | null {
  const text = manager.text("DateTime");
  if (text === null) return null;
  const clockMs = parseRedfishTime(text);
  if (clockMs === null)
    manager.notes.add(manager.path, "implausible", `DateTime is "${text.slice(0, 40)}"`);
  return clockMs;
}
