import type { HostInventory } from "#fleet/api/schemas.ts";

type Component = HostInventory["components"][number];

export interface ComponentGroup {
  readonly kind: string;
  readonly parts: readonly Component[];
}

const bySlot = new Intl.Collator("en", { numeric: true }).compare;

/** Parts by kind, kinds in the order in which the host named them, slots counted: P2 before P10. */
export function groupComponents(components: readonly Component[]): readonly ComponentGroup[] {
  const kinds = Map.groupBy(components, (component) => component.kind);
  return [...kinds].map(([kind, parts]) => ({
    kind,
    parts: parts.toSorted((a, b) => bySlot(a.slot, b.slot)),
  }));
}
