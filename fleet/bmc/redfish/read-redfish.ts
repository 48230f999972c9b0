import { Notes } from "./notes.ts";
import { readChassis, readFirmware, readManagers } from "./read-managers.ts";
import { readDimms, readDrives } from "./read-parts.ts";
import { readPower } from "./read-power.ts";
import { readSupplies } from "./read-supplies.ts";
import { readProcessors, readSystem } from "./read-systems.ts";
import { readFans, readTemperatures } from "./read-thermal.ts";
import type { RedfishAnswer, RedfishFacts } from "./redfish-facts.ts";
import type { Resource } from "./resource.ts";
import { RedfishTree } from "./tree.ts";

/**
 * What a Redfish service says, from its answers. Pure; never throws; linear in the answers.
 * Members are those of the collections: a resource that only lies in the tree is not believed to be
 * there. Single resources, recorded without their collection, are taken by their type.
 */
export function readRedfish(answers: readonly RedfishAnswer[]): RedfishFacts {
  const notes = new Notes();
  const tree = new RedfishTree(answers, notes);
  const root = tree.find("/redfish/v1") ?? tree.ofType("ServiceRoot")[0];
  const systems = collection(tree, root, "Systems", "ComputerSystem").filter((system) =>
    isRealSystem(system),
  );
  const chassis = collection(tree, root, "Chassis", "Chassis");
  const managers = collection(tree, root, "Managers", "Manager");
  const supplies = readSupplies(tree, chassis);
  const processors = systems.map((system) => readProcessors(tree, system));
  const power = readPower(tree, { systems, chassis, supplies });
  return {
    service: {
      vendor: root?.label("Vendor") ?? null,
      product: root?.label("Product") ?? null,
      version: root?.text("RedfishVersion") ?? null,
      uuid: root?.label("UUID") ?? null,
    },
    systems: systems.map((system, index) => readSystem(tree, system, processors[index] ?? [])),
    chassis: readChassis(chassis),
    managers: readManagers(tree, managers),
    power,
    supplies: supplies.map(({ supply }) => supply),
    temperatures: readTemperatures(tree, chassis),
    fans: readFans(tree, chassis),
    processors: processors.flat(),
    dimms: systems.flatMap((system) => readDimms(tree, system)),
    drives: systems.flatMap((system) => readDrives(tree, system)),
    firmware: readFirmware(tree, root),
    oddities: notes.list(),
  };
}

function collection(
  tree: RedfishTree,
  root: Resource | undefined,
  key: string,
  type: string,
): readonly Resource[] {
  const link = root?.link(key) ?? `/redfish/v1/${key}`;
  const found = tree.find(link);
  return found === undefined ? tree.ofType(type) : tree.membersOf(found);
}

/** Some services list a description of what could be composed among their systems. */
function isRealSystem(system: Resource): boolean {
  const isReal =
    ["PowerState", "Status", "Manufacturer", "Model", "SerialNumber", "Actions"].some(
      (key) => system.json[key] !== undefined,
    ) && !Object.keys(system.json).some((key) => key.endsWith("@Redfish.OptionalOnCreate"));
  if (!isReal)
    system.notes.add(system.path, "fake-member", "a member of Systems that is no system");
  return isReal;
}
