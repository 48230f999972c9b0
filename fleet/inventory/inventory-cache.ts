import type { HostId } from "#proto/vocabulary/ids.ts";
import type { HostRecord, RackRecord, SiteRecord } from "./host-record.ts";
import type { InventoryStore } from "./inventory-store.ts";

/** All records of the cell in memory, as they were last read or written. */
export interface InventoryCache {
  /** By id, ascending; the same array until something changes. */
  hosts(): readonly HostRecord[];
  host(id: HostId): HostRecord | undefined;
  resolve(idOrName: string): HostRecord | undefined;
  put(record: HostRecord): void;
  drop(id: HostId): void;
  sites(): readonly SiteRecord[];
  site(code: string): SiteRecord | undefined;
  putSite(site: SiteRecord): void;
  racks(): readonly RackRecord[];
  rack(id: string): RackRecord | undefined;
  putRack(rack: RackRecord): void;
  /**
   * All of it as it is stored now. What this process writes or removes while it is read stays as
   * written. Answers the hosts that are not what they were.
   */
  reload(): Promise<{
    readonly changed: readonly HostId[];
    readonly removed: readonly HostId[];
  }>;
}

export async function createInventoryCache(store: InventoryStore): Promise<InventoryCache> {
  const hosts = keyed(await store.listHosts(), (host) => host.id as string);
  const idsByName = new Map(hosts.list().map((host) => [host.name, host.id]));
  const sites = keyed(await store.listSites(), (site) => site.code);
  const racks = keyed(await store.listRacks(), (rack) => rack.id);
  const forgetName = ({ id, name }: HostRecord): void => {
    if (idsByName.get(name) === id) idsByName.delete(name);
  };
  const drop = (id: HostId): void => {
    const known = hosts.get(id);
    if (known === undefined) return;
    forgetName(known);
    hosts.delete(id);
  };
  const put = (record: HostRecord): void => {
    const known = hosts.get(record.id);
    // Two changes of one host may end in either order; the newer one stands.
    if (known !== undefined && known.revision > record.revision) return;
    if (known !== undefined && known.name !== record.name) forgetName(known);
    hosts.put(record);
    idsByName.set(record.name, record.id);
  };
  return {
    hosts: hosts.list,
    host: hosts.get,
    resolve: (idOrName) => hosts.get(idOrName) ?? hosts.get(idsByName.get(idOrName) ?? ""),
    put,
    drop,
    async reload() {
      const before = new Map(hosts.list().map((host) => [host.id, host]));
      const sitesBefore = new Set(sites.list());
      const racksBefore = new Set(racks.list());
      const stored = await store.listHosts();
      const storedSites = await store.listSites();
      const storedRacks = await store.listRacks();
      for (const site of storedSites) {
        const known = sites.get(site.code);
        if (known === undefined || sitesBefore.has(known)) sites.put(site);
      }
      for (const rack of storedRacks) {
        const known = racks.get(rack.id);
        if (known === undefined || racksBefore.has(known)) racks.put(rack);
      }
      const changed: HostId[] = [];
      for (const record of stored) {
        const known = hosts.get(record.id);
        // Removed while it was read.
        if (known === undefined && before.has(record.id)) continue;
        if (known !== undefined && known.revision >= record.revision) continue;
        put(record);
        changed.push(record.id);
      }
      const ids = new Set(stored.map(({ id }) => id));
      const removed = [...before.keys()].filter((id) => !ids.has(id));
      for (const id of removed) drop(id);
      return { changed, removed };
    },
    sites: sites.list,
    site: sites.get,
    putSite: sites.put,
    racks: racks.list,
    rack: racks.get,
    putRack: racks.put,
  };
}

/**
 * A map that lists its values in the order of their keys. It sorts only after a key came or went: of
 * ten thousand hosts that takes 5 ms, and while a site starts anew each of them is changed and listed.
 */
function keyed<Value>(values: readonly Value[], keyOf: (value: Value) => string) {
  const byKey = new Map(values.map((value) => [keyOf(value), value]));
  let sorted: readonly Value[] | undefined;
  let places = new Map<string, number>();
  const changed = new Set<string>();
  const sort = (): readonly Value[] => {
    const entries = [...byKey].sort(([left], [right]) => (left < right ? -1 : 1));
    places = new Map(entries.map(([key], place) => [key, place]));
    return entries.map(([, value]) => value);
  };
  const withChanged = (before: readonly Value[]): readonly Value[] => {
    const after = [...before];
    for (const key of changed) {
      const [place, value] = [places.get(key), byKey.get(key)];
      if (place !== undefined && value !== undefined) after[place] = value;
    }
    return after;
  };
  return {
    list: (): readonly Value[] => {
      if (sorted === undefined) sorted = sort();
      else if (changed.size > 0) sorted = withChanged(sorted);
      changed.clear();
      return sorted;
    },
    get: (key: string): Value | undefined => byKey.get(key),
    put: (value: Value): void => {
      const key = keyOf(value);
      if (!byKey.has(key)) sorted = undefined;
      byKey.set(key, value);
      changed.add(key);
    },
    delete: (key: string): void => {
      byKey.delete(key);
      sorted = undefined;
    },
  };
}
