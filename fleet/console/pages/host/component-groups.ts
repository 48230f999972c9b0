import type { HostInventory } from "#fleet/api/inventory-schemas.ts";

type Component = HostInventory["components"][number];

export interface ComponentGroup {
  readonly kind: string;
  readonly words: string;
  readonly parts: readonly Component[];
}

const kindWords: Readonly<Record<string, string>> = {
  disk: "Disks",
  nic: "Network interfaces",
  dimm: "Memory modules",
  psu: "Power supplies",
  gpu: "Accelerators",
  bmc: "Management controller",
  board: "Board",
  cpu: "Processors",
  controller: "Storage controllers",
  unspecified: "Other parts",
};

const bySlot = new Intl.Collator("en", { numeric: true }).compare;

/** Parts by kind, kinds in the order in which the host named them, slots counted: P2 before P10. */
export function groupComponents(components: readonly Component[]): readonly ComponentGroup[] {
  const kinds = Map.groupBy(components, (component) => component.kind);
  return [...kinds].map(([kind, parts]) => ({
    kind,
    words: (Object.hasOwn(kindWords, kind) ? kindWords[kind] : undefined) ?? kind,
    parts: parts.toSorted((a, b) => bySlot(a.slot, b.slot)),
  }));
}
