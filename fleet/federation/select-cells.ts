import type { CellWatch } from "./watch-cell.ts";

/**
 * The cells that may have what a selector means: one of which the sites are known, and are none of
 * those that the selector names, need not be asked. In doubt a cell is asked.
 */
export function selectCells(
  cells: readonly CellWatch[],
  selector: string | undefined,
): readonly CellWatch[] {
  const sites = valuesOf(selector, "site");
  const regions = valuesOf(selector, "region");
  if (sites.length === 0 && regions.length === 0) return cells;
  return cells.filter((cell) => {
    const kept = cell.kept();
    if (kept === null) return true;
    const has = (wanted: readonly string[], own: readonly string[]): boolean =>
      wanted.length === 0 || wanted.some((one) => isOpen(one) || own.includes(one));
    return (
      has(
        sites,
        kept.sites.map((site) => site.code),
      ) &&
      has(
        regions,
        kept.sites.map((site) => site.region),
      )
    );
  });
}

/** `none` means hosts without a place, and `fra*` several: any cell may have them. */
function isOpen(value: string): boolean {
  return value === "none" || value.endsWith("*");
}

function valuesOf(selector: string | undefined, key: string): readonly string[] {
  return (selector ?? "").split(",").flatMap((part) => {
    const text = part.trim();
    return text.startsWith(`${key}=`) ? [text.slice(key.length + 1)] : [];
  });
}
