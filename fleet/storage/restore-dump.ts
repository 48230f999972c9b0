import type { CellId } from "#proto/vocabulary/ids.ts";
import { type DumpRow, readDump, verifyDump } from "./dump.ts";
import { openEngine, type StorePlace } from "./engine.ts";
import { migrate, writeMeta } from "./migrate.ts";
import { backupKey } from "./safe-mode-rows.ts";
import type { RetryEffects } from "./retry.ts";
import { StoreError } from "./store-error.ts";
import { type Tables, tablesOf } from "./tables.ts";

/**
 * Fills an empty store of either engine from a dump, and brings it to this program's schema. The
 * dump is read to its end and verified first; the rows come in one transaction. Throws StoreError:
 * `STORE_NOT_EMPTY`, `STORE_DAMAGED` (the dump), `STORE_NEWER`.
 */
export async function restoreDump(
  path: string,
  place: StorePlace,
  options: RetryEffects & {
    readonly release: string;
    /** The dump was made for this, of a store that stands still: nothing is older than the world. */
    readonly isMove?: boolean;
  },
): Promise<{ readonly rows: number }> {
  const header = await verifyDump(path);
  const engine = await openEngine(place, options);
  const cell: CellId | null = null;
  try {
    await migrate(engine, { release: options.release, cell, upTo: header.schemaVersion });
    const rows = await engine.db.transaction().execute(async (trx) => {
      for (const table of tablesOf(header.schemaVersion)) {
        if (table === "meta") continue;
        const found = await trx.selectFrom(table).selectAll().limit(1).executeTakeFirst();
        if (found !== undefined)
          throw new StoreError(
            "STORE_NOT_EMPTY",
            `the store to restore into has ${table} already; restore into an empty database`,
          );
      }
      let count = 0;
      for await (const { table, row } of readDump(path)) {
        count += 1;
        if (table === "meta")
          await writeMeta(trx, requireText(row, "key"), requireText(row, "value"));
        // The names were checked when the dump was verified; the schema is the one it was made with.
        else
          await trx
            .insertInto(table as keyof Tables)
            .values(row as never)
            .execute();
      }
      if (options.isMove !== true) await writeMeta(trx, backupKey, String(header.createdMs));
      return count;
    });
    await migrate(engine, { release: options.release, cell });
    return { rows };
  } finally {
    await engine.close();
  }
}

function requireText(row: DumpRow["row"], name: string): string {
  const value = row[name];
  if (typeof value === "string") return value;
  throw new StoreError("STORE_DAMAGED", `the backup has a meta row without ${name}`);
}
