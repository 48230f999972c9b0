import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { EstateChanges, HostFacts } from "./estate/estate-changes.ts";
import type { HostRecord } from "./host-record.ts";
import type { InventoryCache } from "./inventory-cache.ts";
import type { EstateConflict, EstateWrite } from "./inventory-store.ts";

/** The records that a file's changes make of those that are known; refused where one moved. */
export function estateWrite(
  changes: EstateChanges,
  cache: InventoryCache,
  add: (facts: HostFacts) => HostRecord,
): Result<EstateWrite, EstateConflict> {
  const added: HostRecord[] = [];
  const changed: { record: HostRecord; expectedRevision: number }[] = [];
  for (const { id, facts, expectedRevision } of changes.hosts) {
    if (id === null || expectedRevision === null) {
      added.push(add(facts));
      continue;
    }
    const known = cache.host(id);
    if (known?.revision !== expectedRevision)
      return fail({ kind: "estate-moved", what: `host ${known?.name ?? facts.name}` });
    const record = { ...known, ...facts, revision: expectedRevision + 1 };
    changed.push({ record, expectedRevision });
  }
  return ok({ sites: changes.sites, racks: changes.racks, added, changed });
}
