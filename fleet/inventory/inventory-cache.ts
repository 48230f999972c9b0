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
}

export async function createInventoryCache(store: InventoryStore): Promise<InventoryCache> {
  const hosts = keyed(await store.listHosts(), (host) => host.id as string);
  const idsByName = new Map(hosts.list().map((host) => [host.name, host.id]));
  const sites = keyed(await store.listSites(), (site) => site.code);
  const racks = keyed(await store.listRacks(), (rack) => rack.id);
  const drop = (id: HostId): void => {
    const known = hosts.get(id);
    if (known === undefined) return;
    if (idsByName.get(known.name) === id) idsByName.delete(known.name);
    hosts.delete(id);
  };
  return {
    hosts: hosts.list,
    host: hosts.get,
    resolve: (idOrName) => hosts.get(idOrName) ?? hosts.get(idsByName.get(idOrName) ?? ""),
    put(record) {
      const known = hosts.get(record.id);
      // Two changes of one host may end in either order; the newer one stands.
      if (known !== undefined && known.revision > record.revision) return;
      drop(record.id);
      hosts.put(record);
      idsByName.set(record.name, record.id);
    },
    drop,
    sites: sites.list,
    site: sites.get,
    putSite: sites.put,
    racks: racks.list,
    rack: racks.get,
    putRack: racks.put,
  };
}

/** A map that lists its values in the order of their keys, and sorts only after a change. */
function keyed<Value>(values: readonly Value[], keyOf: (value: Value) => string) {
  const byKey = new Map(values.map((value) => [keyOf(value), value]));
  let sorted: readonly Value[] | undefined;
  return {
    list: (): readonly Value[] => {
      sorted ??= [...byKey]
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([, value]) => value);
      return sorted;
    },
    get: (key: string): Value | undefined => byKey.get(key),
    put: (value: Value): void => {
      byKey.set(keyOf(value), value);
      sorted = undefined;
    },
    delete: (key: string): void => {
      byKey.delete(key);
      sorted = undefined;
    },
  };
}
