import type {
  RedfishBoot,
  RedfishProcessor,
  RedfishReset,
  RedfishSystem,
} from "./redfish-facts.ts";
import type { Resource } from "./resource.ts";
import type { RedfishTree } from "./tree.ts";

const listMax = 64;

export function readSystem(
  tree: RedfishTree,
  system: Resource,
  processors: readonly RedfishProcessor[],
): RedfishSystem {
  const cpus = processors.filter(({ type, state }) => isCpu(type) && state !== "Absent");
  const summary = system.child("ProcessorSummary");
  const memory = system.child("MemorySummary");
  return {
    path: system.path,
    id: system.text("Id") ?? lastWord(system.path),
    manufacturer: system.label("Manufacturer"),
    model: system.label("Model"),
    serial: system.label("SerialNumber"),
    sku: system.label("SKU"),
    assetTag: system.label("AssetTag"),
    uuid: system.label("UUID"),
    powerState: system.text("PowerState"),
    biosVersion: system.text("BiosVersion"),
    memoryGiB: memory?.plausible("TotalSystemMemoryGiB", 0, 1_048_576) ?? null,
    // The summary counts accelerators among the processors and names the wrong one.
    cpus: processors.length > 0 ? cpus.length : (summary?.plausible("Count", 0, 1_024) ?? null),
    cpuModel:
      processors.length > 0 ? (cpus[0]?.model ?? null) : genericAsNull(summary?.label("Model")),
    boot: readBoot(system.child("Boot")),
    reset: readReset(tree, system, "#ComputerSystem.Reset"),
    ...system.partState(),
  };
}

export function readProcessors(tree: RedfishTree, system: Resource): readonly RedfishProcessor[] {
  return tree.members(system, "Processors").map((processor) => ({
    path: processor.path,
    id: processor.text("Id") ?? lastWord(processor.path),
    type: processor.text("ProcessorType"),
    model: processorModel(processor),
    cores: processor.plausible("TotalCores", 1, 100_000),
    threads: processor.plausible("TotalThreads", 1, 1_000_000),
    ...processor.partState(),
  }));
}

/**
 * By the action's ActionInfo first, then by the values beside the action. Where neither lists any,
 * none may be sent: what every BMC "must" have, some have not.
 */
export function readReset(tree: RedfishTree, resource: Resource, action: string): RedfishReset {
  const reset = resource.child("Actions")?.child(action) ?? null;
  if (reset === null) return { types: [], source: "none", nonStandard: [] };
  const info = tree.find(reset.text("@Redfish.ActionInfo"));
  const parameter = info
    ?.entries("Parameters", listMax)
    .find((entry) => entry.text("Name") === "ResetType");
  const listed = parameter?.texts("AllowableValues", listMax) ?? [];
  const inline = reset.texts("ResetType@Redfish.AllowableValues", listMax);
  const types = listed.length > 0 ? listed : inline;
  const nonStandard = types.filter((type) => !resetTypes.has(type));
  for (const type of nonStandard)
    resource.notes.add(resource.path, "non-standard", `ResetType ${type} is not of the standard`);
  const source = listed.length > 0 ? "action-info" : inline.length > 0 ? "inline" : "none";
  return { types, source, nonStandard };
}

function readBoot(boot: Resource | null): RedfishBoot {
  return {
    target: boot?.text("BootSourceOverrideTarget") ?? null,
    enabled: boot?.text("BootSourceOverrideEnabled") ?? null,
    mode: boot?.text("BootSourceOverrideMode") ?? null,
    targets: boot?.texts("BootSourceOverrideTarget@Redfish.AllowableValues", listMax) ?? [],
  };
}

/** Intel's BMCs put the name that people know into ProcessorId.VendorId. */
function processorModel(processor: Resource): string | null {
  const vendorId = processor.child("ProcessorId")?.text("VendorId") ?? null;
  if (vendorId !== null && / CPU .*@|-Core Processor/.test(vendorId)) return vendorId;
  return genericAsNull(processor.label("Model"));
}

function genericAsNull(model: string | null | undefined): string | null {
  if (model === null || model === undefined) return null;
  return /^central processor$/i.test(model) ? null : model;
}

function isCpu(type: string | null): boolean {
  return type === null || /^(?:cpu|core)$/i.test(type);
}

export function lastWord(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** DSP0268, Resource.ResetType. */
const resetTypes: ReadonlySet<string> = new Set([
  "On",
  "ForceOff",
  "GracefulShutdown",
  "GracefulRestart",
  "ForceRestart",
  "Nmi",
  "ForceOn",
  "PushPowerButton",
  "PowerCycle",
  "Suspend",
  "Pause",
  "Resume",
  "FullPowerCycle",
]);
