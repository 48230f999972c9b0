import { closeSync, openSync } from "node:fs";
import { backup, DatabaseSync } from "node:sqlite";

/**
 * How long SQLite itself waits for a lock of another process, ms. Short, since the whole program
 * stands still then; createRetry tries again, and lets everything else go on between.
 */
const busyTimeoutMs = 20;

/** Opens for control data: what is committed is on disk, even when the power fails. */
export function openSqlite(location: string): DatabaseSync {
  // SQLite would make it readable for others; its -wal and -shm take the mode of the file itself.
  if (location !== ":memory:") closeSync(openSync(location, "a", 0o600));
  const database = new DatabaseSync(location, {
    timeout: busyTimeoutMs,
    enableForeignKeyConstraints: true,
    enableDoubleQuotedStringLiterals: false,
  });
  try {
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    // A long reader may hold back checkpoints; afterwards the file shrinks to this again.
    database.exec("PRAGMA journal_size_limit = 16777216");
    database.exec("PRAGMA trusted_schema = OFF");
  } catch (cause) {
    database.close();
    throw cause;
  }
  return database;
}

const allPages = 2 ** 31 - 1;

/**
 * A copy of a database's file as of one moment; its owner's only, and on disk when this resolves. It
 * is read over a connection of its own, in one step on another thread: writers go on, and cannot
 * make it begin again.
 */
export async function copySqliteFile(source: string, path: string): Promise<void> {
  closeSync(openSync(path, "wx", 0o600));
  const reader = new DatabaseSync(source, { readOnly: true, timeout: busyTimeoutMs });
  try {
    await backup(reader, path, { rate: allPages });
  } finally {
    reader.close();
  }
}

/** Writes one row of `meta` into a copy that nobody has open; on disk when this returns. */
export function markSqliteFile(path: string, key: string, value: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA synchronous = FULL");
    database
      .prepare(
        "insert into meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value",
      )
      .run(key, value);
  } finally {
    database.close();
  }
}

/** `PRAGMA integrity_check` and `foreign_key_check` of one table (sqlite.org/pragma.html). */
export function findSqliteDamage(database: DatabaseSync, table: string): readonly string[] {
  if (!/^[a-z_]+$/.test(table)) throw new TypeError(`"${table}" is no table of ours`);
  const problems = database.prepare(`PRAGMA integrity_check('${table}')`).all();
  const orphans = database.prepare(`PRAGMA foreign_key_check('${table}')`).all();
  return [
    ...problems.map((row) => String(row["integrity_check"])).filter((text) => text !== "ok"),
    ...orphans.map(
      (row) => `row ${String(row["rowid"])} refers to a missing ${String(row["parent"])}`,
    ),
  ];
}
