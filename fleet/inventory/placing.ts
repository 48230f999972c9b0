import type { CellId } from "#proto/vocabulary/ids.ts";
import { formatPosition, type Position, rackUnitsMax } from "#proto/vocabulary/position.ts";
import { airportTimeZone } from "./airport-time-zone.ts";
import type { HostRecord } from "./host-record.ts";
import type { InventoryCache } from "./inventory-cache.ts";
import { rackHeights, rackIdOf } from "./rack-id.ts";
import type { InventoryConflict, InventoryStore } from "./inventory-store.ts";

/** Who stands in the way of a record; the store has the last word, this one is asked first. */
export function findHostConflict(
  cache: InventoryCache,
  record: HostRecord,
): InventoryConflict | undefined {
  const sameName = cache.resolve(record.name);
  if (sameName !== undefined && sameName.id !== record.id)
    return { kind: "name-taken", name: record.name };
  const { position } = record;
  if (position === null) return undefined;
  const site = cache.site(position.site);
  if (site !== undefined && site.region !== position.region)
    return { kind: "site-elsewhere", site: site.code, region: site.region };
  const top = position.unit + record.heightUnits;
  const inTheWay = cache
    .hosts()
    .find(
      (other) =>
        other.id !== record.id &&
        other.position !== null &&
        rackIdOf(other.position) === rackIdOf(position) &&
        other.position.unit < top &&
        other.position.unit + other.heightUnits > position.unit,
    );
  if (inTheWay === undefined) return undefined;
  return { kind: "position-taken", position: formatPosition(position), by: inTheWay.name };
}

/**
 * Writes site and rack down where a host is the first of them. A rack that nobody described has the
 * lowest usual height that holds the host.
 */
export async function preparePlace(
  cache: InventoryCache,
  store: InventoryStore,
  position: Position,
  cell: CellId,
): Promise<void> {
  const { region, row, rack } = position;
  if (cache.site(position.site) === undefined) {
    const site = {
      code: position.site,
      region,
      timeZone: airportTimeZone(position.site),
      cell,
      windows: [],
    };
    await store.upsertSite(site);
    cache.putSite(site);
  }
  const id = rackIdOf(position);
  const known = cache.rack(id);
  if (known !== undefined && known.heightUnits >= position.unit) return;
  const heightUnits = rackHeights.find((height) => height >= position.unit) ?? rackUnitsMax;
  const record = {
    id,
    region,
    site: position.site,
    row,
    rack,
    heightUnits,
    feeds: known?.feeds ?? [],
  };
  await store.upsertRack(record);
  cache.putRack(record);
}
