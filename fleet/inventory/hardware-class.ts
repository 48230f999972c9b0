import type { Component, HostState, Identity } from "#proto/messages/state.ts";

/**
 * A readable name for hosts that are interchangeable for planning: `2x-epyc-7543-512g-12nvme`.
 * Sockets, processor, memory as it was bought, disks by kind. null until processor and memory are
 * known: a class made of half the facts would mix machines that are not alike.
 */
export function deriveHardwareClass(state: HostState): string | null {
  const { processor, components } = state.identity;
  const gibibytes = memoryGibibytes(state.identity);
  if (processor === null || gibibytes === null) return null;
  const model = processorSlug(processor.model);
  if (model === "" || processor.sockets < 1) return null;
  return `${processor.sockets}x-${model}-${gibibytes}g-${diskPart(components)}`;
}

/** Words of a model name that every processor has. */
const filler =
  /\((r|tm|c)\)|\bamd\b|\bintel\b|\bprocessor\b|\bcpu\b|\b\d+-core\b|@.*$|\bwith\b.*$|\b(genuine|authentic)\w*\b/g;

function processorSlug(model: string): string {
  return model
    .toLowerCase()
    .replace(filler, " ")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "");
}

const gibibyte = 1024 ** 3;

/**
 * Memory as it was bought. The DIMMs say it exactly; the kernel only shows what it has left, which
 * is a few per cent less, so that figure goes up to the next usual size.
 */
function memoryGibibytes({ memoryBytes, components }: Identity): number | null {
  const dimms = components
    .filter((component) => component.kind === "dimm")
    .reduce((sum, dimm) => sum + (dimm.sizeBytes ?? 0), 0);
  if (memoryBytes === null || memoryBytes <= 0)
    return dimms > 0 ? Math.max(1, Math.round(dimms / gibibyte)) : null;
  if (dimms >= memoryBytes && dimms < memoryBytes * 1.25) return Math.round(dimms / gibibyte);
  const seen = memoryBytes / gibibyte;
  const step = seen > 256 ? 32 : seen > 64 ? 16 : seen > 16 ? 4 : 1;
  return Math.max(1, Math.ceil(seen / step) * step);
}

const diskKinds = ["nvme", "ssd", "hdd", "virtual"] as const;
type DiskKind = (typeof diskKinds)[number];

function diskPart(components: readonly Component[]): string {
  const counts = new Map<DiskKind, number>();
  for (const component of components) {
    const kind = diskKind(component);
    if (kind !== null) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const parts = diskKinds.flatMap((kind) => {
    const count = counts.get(kind);
    return count === undefined ? [] : [`${count}${kind}`];
  });
  return parts.length === 0 ? "diskless" : parts.join("-");
}

/** null: not a disk of the machine (a stick, a BMC's virtual medium, an empty reader). */
function diskKind(component: Component): DiskKind | null {
  if (component.kind !== "disk" || component.sizeBytes === 0) return null;
  switch (component.interface) {
    case "nvme":
      return "nvme";
    case "usb":
    case "mmc":
      return null;
    case "virtio":
    case "xen":
      return "virtual";
    default:
      return component.rotational === true ? "hdd" : "ssd";
  }
}
