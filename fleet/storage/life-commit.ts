import type { Transaction } from "kysely";
import { cleanEntry } from "#fleet/audit/clean-entry.ts";
import type { LifeChange, LifeStore } from "#fleet/lifecycle/life-store.ts";
import { fail, ok } from "#proto/vocabulary/result.ts";
import { appendEntry, findEntry } from "./audit-tables.ts";
import type { Engine } from "./engine.ts";
import { hostToRow } from "./inventory-rows.ts";
import { findLifeConflict } from "./life-conflicts.ts";
import {
  type PackedChange,
  packChange,
  type VersionedTable,
  versionedTables,
} from "./life-packing.ts";
import type { Tables } from "./tables.ts";

type Trx = Transaction<Tables>;

/** Everything of a change and its one entry in the audit, or nothing of it. */
export function createCommit(engine: Engine): LifeStore["commit"] {
  return async (change) => {
    const packed = packChange(change);
    const audit = { ...cleanEntry(change.audit), changeSha256: packed.sha256 };
    return engine.inTurn(`write ${change.audit.action}`, async (trx) => {
      const conflict = await findLifeConflict(trx, engine.kind, change);
      if (conflict !== undefined || packed.isEmpty) {
        // What moved may have been moved by this very change, whose answer was lost: its entry says so.
        if ((await findEntry(trx, audit)) !== undefined) return ok(undefined);
        if (conflict !== undefined) return fail(conflict);
      }
      await write(trx, change, packed);
      await appendEntry(trx, audit);
      return ok(undefined);
    });
  };
}

/** In the order in which one record may name another. */
async function write(trx: Trx, change: LifeChange, packed: PackedChange): Promise<void> {
  for (const { record, expectedRevision } of change.hosts ?? []) {
    const row = hostToRow(record);
    if (expectedRevision === 0) await trx.insertInto("hosts").values(row).execute();
    else await trx.updateTable("hosts").set(row).where("id", "=", row.id).execute();
  }
  for (const table of versionedTables)
    for (const { row, expectedVersion } of packed[table])
      if (expectedVersion === 0)
        await trx
          .insertInto(table as VersionedTable)
          .values(row)
          .execute();
      else
        await trx
          .updateTable(table as VersionedTable)
          .set(row)
          .where("id", "=", row.id)
          .execute();
  for (const id of change.holdsReleased ?? [])
    await trx.deleteFrom("holds").where("id", "=", id).execute();
  for (const row of packed.holds) await trx.insertInto("holds").values(row).execute();
}
