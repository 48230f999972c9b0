import type { HostInventory } from "#fleet/api/inventory-schemas.ts";

type Absence = HostInventory["absences"][number];

export interface AbsenceGroup {
  readonly reason: string;
  readonly meaning: string;
  readonly of: readonly Absence[];
}

/** By reason, the reasons that one can do something about first: they have the fewest readings. */
export function groupAbsences(absences: readonly Absence[]): readonly AbsenceGroup[] {
  const byReason = Map.groupBy(absences, (absence) => absence.reason);
  return [...byReason]
    .map(([reason, of]) => ({ reason, meaning: of[0]?.meaning ?? reason, of }))
    .sort((a, b) => a.of.length - b.of.length);
}
