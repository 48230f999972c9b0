import { type Kysely, sql, type Transaction } from "kysely";
import type { CellId } from "#proto/vocabulary/ids.ts";
import type { Engine } from "./engine.ts";
import { hostsAndIdentity } from "./migrations/0001-hosts-and-identity.ts";
import { componentHistory } from "./migrations/0002-component-history.ts";
import { health } from "./migrations/0003-health.ts";
import { lifecycle } from "./migrations/0004-lifecycle.ts";
import { people } from "./migrations/0005-people.ts";
import { alerts } from "./migrations/0006-alerts.ts";
import { reports } from "./migrations/0007-reports.ts";
import { StoreError } from "./store-error.ts";
import type { Tables } from "./tables.ts";

export type Migration = (db: Kysely<unknown>) => Promise<void>;

/** Forward only; the first makes version 1. A released one is never edited: add the next. */
const migrations: readonly Migration[] = [
  hostsAndIdentity,
  componentHistory,
  health,
  lifecycle,
  people,
  alerts,
  reports,
];

export const schemaVersion = migrations.length;

export interface MigrateOptions {
  /** Release of this program; kept, so that an older one can say which release is needed. */
  readonly release: string;
  /** The cell that must own the store; it is written down the first time. */
  readonly cell: CellId | null;
  /** Stops at this version: for a restore, which goes on after the old rows are back. */
  readonly upTo?: number;
  /** Others than this program's. */
  readonly migrations?: readonly Migration[];
}

/**
 * Brings a store to this program's schema, each step in one transaction, and answers the version
 * it found. Throws StoreError `STORE_NEWER` and `STORE_OTHER_CELL`; both before anything is written.
 */
export async function migrate(engine: Engine, options: MigrateOptions): Promise<number> {
  const known = options.migrations ?? migrations;
  const steps = known.slice(0, options.upTo);
  const found = await engine.transact("open the store", async (trx) => {
    const meta = await readMeta(trx);
    refuseNewer(meta, known.length, options.release);
    refuseOtherCell(meta, options.cell);
    return versionOf(meta);
  });
  for (const [version, step] of steps.entries()) {
    if (version < found) continue;
    await alone(engine, `migrate the store to version ${version + 1}`, (trx) =>
      stepFrom(trx, version, step, options.release),
    );
  }
  await alone(engine, "claim the store", async (trx) => {
    const meta = await readMeta(trx);
    refuseOtherCell(meta, options.cell);
    if (options.cell !== null && !meta.has("cell")) await writeMeta(trx, "cell", options.cell);
  });
  return found;
}

async function stepFrom(
  trx: Kysely<Tables>,
  version: number,
  step: Migration,
  release: string,
): Promise<void> {
  await trx.schema
    .createTable("meta")
    .ifNotExists()
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("value", "text", (column) => column.notNull())
    .execute();
  // Another manager on the same store may have been here first.
  if (versionOf(await readMeta(trx)) !== version) return;
  await step(trx as Kysely<unknown>);
  await writeMeta(trx, "schema_version", String(version + 1));
  await writeMeta(trx, "written_by", release);
}

/**
 * One manager at a time. SQLite's transaction has the write lock already. On PostgreSQL a lock comes
 * first, and each statement after it must see what the one before us did: so not serializable, which
 * would see the world as it was when we began to wait.
 */
function alone(
  engine: Engine,
  what: string,
  work: (trx: Transaction<Tables>) => Promise<void>,
): Promise<void> {
  return engine.run(what, () =>
    engine.db.transaction().execute(async (trx) => {
      if (engine.kind === "postgres")
        await sql`select pg_advisory_xact_lock(7600, 7601)`.execute(trx);
      await work(trx);
    }),
  );
}

async function readMeta(trx: Kysely<Tables>): Promise<ReadonlyMap<string, string>> {
  const tables = await trx.introspection.getTables();
  if (!tables.some((table) => table.name === "meta")) {
    const foreign = tables.find((table) => table.name !== "meta");
    if (foreign === undefined) return new Map();
    throw new StoreError(
      "STORE_FAILED",
      `the database holds a table "${foreign.name}" and no "meta": it belongs to another program; give wws-fleet a database of its own`,
    );
  }
  const rows = await trx.selectFrom("meta").select(["key", "value"]).orderBy("key").execute();
  return new Map(rows.map((row) => [row.key, row.value]));
}

export async function writeMeta(db: Kysely<Tables>, key: string, value: string): Promise<void> {
  await db
    .insertInto("meta")
    .values({ key, value })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
    .execute();
}

function versionOf(meta: ReadonlyMap<string, string>): number {
  const text = meta.get("schema_version") ?? "0";
  const version = Number(text);
  if (Number.isSafeInteger(version) && version >= 0) return version;
  throw new StoreError(
    "STORE_DAMAGED",
    `the store says that its schema version is "${text}"; restore a backup: docs/operating/store.md`,
  );
}

function refuseNewer(meta: ReadonlyMap<string, string>, newest: number, release: string): void {
  const version = versionOf(meta);
  if (version <= newest) return;
  const writtenBy = meta.get("written_by") ?? "unknown";
  throw new StoreError(
    "STORE_NEWER",
    `the control store has schema version ${version}, written by wws-fleet ${writtenBy}; ` +
      `this is wws-fleet ${release}, which knows versions up to ${newest}. ` +
      `Start wws-fleet ${writtenBy} or newer, or restore a backup made by ${release}: docs/operating/store.md. Nothing was changed.`,
  );
}

function refuseOtherCell(meta: ReadonlyMap<string, string>, cell: CellId | null): void {
  const owner = meta.get("cell");
  if (owner === undefined || cell === null || owner === cell) return;
  throw new StoreError(
    "STORE_OTHER_CELL",
    `the control store belongs to cell "${owner}", and this manager is cell "${cell}"; ` +
      `set cell = "${owner}" in its configuration, or give it a store of its own`,
  );
}
