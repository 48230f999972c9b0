import type { Inventory } from "#fleet/inventory/inventory.ts";
import { requireVisibleHost } from "./find-host.ts";
import type { Host } from "./host-schemas.ts";
import { parseSelector } from "./host-selection.ts";
import type { HostViews } from "./host-views.ts";
import { ApiError } from "./problems.ts";
import type { Sight } from "./sight.ts";

/**
 * The hosts that something is to be done to, of those that the asker sees, resolved once and by name in order. A name that is no
 * host's, a selector that means none, and one that means every host without saying how many they
 * are, are refused: nobody drains a fleet by a slip. Throws ApiError.
 */
export async function requireSelection(
  parts: { readonly inventory: Inventory; readonly views: HostViews },
  wanted: { readonly selector: string; readonly count?: number | undefined },
  sight: Sight,
): Promise<readonly Host[]> {
  const isMatch = parseSelector(wanted.selector);
  const names = namesIn(wanted.selector);
  const isByName = names.length > 0;
  for (const name of names) await requireVisibleHost(parts.inventory, name, sight);
  const all = await parts.views.all(sight);
  const selected = all.filter(isMatch);
  if (selected.length === 0) {
    throw new ApiError("selection-empty", `"${wanted.selector}" means no host`);
  }
  if (wanted.count !== undefined && wanted.count !== selected.length) {
    throw new ApiError(
      "selection-whole",
      `"${wanted.selector}" means ${selected.length} ${selected.length === 1 ? "host" : "hosts"}, not ${wanted.count}`,
      { hint: "look again at what it means: `wws-fleet host list SELECTOR`" },
    );
  }
  if (!isByName && all.length > 1 && selected.length === all.length && wanted.count === undefined) {
    throw new ApiError(
      "selection-whole",
      `"${wanted.selector}" means all ${all.length} hosts of this cell`,
      { hint: `where that is meant, say so: --count ${all.length}` },
    );
  }
  return selected.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function namesIn(selector: string): readonly string[] {
  return selector
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && !part.includes("="));
}
