import type { CellConflict } from "#fleet/api/cell-schemas.ts";
import type { CellWatch } from "./watch-cell.ts";

const conflictsShownMax = 100;

/** Sites and host ids that more than one cell calls its own: said, and resolved by people alone. */
export function findConflicts(cells: readonly CellWatch[]): readonly CellConflict[] {
  const collect = (idsOf: (cell: CellWatch) => readonly string[]): [string, string[]][] => {
    const owners = new Map<string, string[]>();
    for (const cell of cells)
      for (const id of new Set(idsOf(cell))) {
        const names = owners.get(id);
        if (names === undefined) owners.set(id, [cell.name()]);
        else names.push(cell.name());
      }
    return [...owners].filter(([, names]) => names.length > 1);
  };
  const sites = collect((cell) => (cell.kept()?.sites ?? []).map((site) => site.code));
  const hosts = collect((cell) => (cell.kept()?.hosts ?? []).map((host) => host.id));
  return [
    ...sites.map(([id, names]) => ({
      kind: "site" as const,
      id,
      cells: names,
      words: `${wordsOf(names)} each call site ${id} theirs: one of them must give it up; until then it stands in lists once for each`,
    })),
    ...hosts.map(([id, names]) => ({
      kind: "host" as const,
      id,
      cells: names,
      words: `${wordsOf(names)} each have a host ${id}: it was enrolled twice, or a store was copied; forget it where it does not belong`,
    })),
  ].slice(0, conflictsShownMax);
}

function wordsOf(names: readonly string[]): string {
  return `cells ${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
