import { Kysely, sql, type Transaction } from "kysely";
import { sleep } from "#proto/vocabulary/clock.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { createPostgresDialect } from "./postgres-dialect.ts";
import { createRetry, type RetryEffects, type RunStoreWork } from "./retry.ts";
import { createSqliteDialect } from "./sqlite-dialect.ts";
import { copySqliteFile, findSqliteDamage, openSqlite } from "./sqlite-file.ts";
import type { Tables } from "./tables.ts";

/** `sqlite`: a path, or ":memory:". `postgres`: a `postgres://` URL. */
export type StorePlace = { readonly sqlite: string } | { readonly postgres: string };

/** A database that is open, and how work is run on it. */
export interface Engine {
  readonly kind: "sqlite" | "postgres";
  readonly db: Kysely<Tables>;
  /** One statement, or several that need not belong together; retried, see createRetry. */
  readonly run: RunStoreWork;
  /** All or nothing, and as if nobody else were there; retried as a whole. */
  transact<Value>(what: string, work: (trx: Transaction<Tables>) => Promise<Value>): Promise<Value>;
  /**
   * All or nothing, and after every other work in turn: each statement sees what those before it
   * did. For what must stand in one order, as the records of the audit do. Retried as a whole.
   */
  inTurn<Value>(what: string, work: (trx: Transaction<Tables>) => Promise<Value>): Promise<Value>;
  /** What only SQLite can do; null: PostgreSQL. */
  readonly file: SqliteFile | null;
  /** The program's clock; the database's is never asked. */
  nowUnixMs(): UnixMs;
  /** Lets the program's other work go on for a moment. */
  breathe(): Promise<void>;
  close(): Promise<void>;
}

export interface SqliteFile {
  /** A copy as of one moment in a file of its own, while writers go on. */
  copyTo(path: string): Promise<void>;
  /** What SQLite finds wrong with a table and its indexes; empty: nothing. */
  findDamage(table: string): readonly string[];
}

/** SQLite's file is opened here; PostgreSQL connects with the first work. Throws StoreError. */
export async function openEngine(place: StorePlace, effects: RetryEffects): Promise<Engine> {
  const nowUnixMs = (): UnixMs => effects.clock.nowUnixMs();
  const breathe = (): Promise<void> => sleep(effects.clock, 0);
  if ("sqlite" in place) {
    const run = createRetry(effects, { mayHang: false });
    const database = await run(`open ${place.sqlite}`, async () => openSqlite(place.sqlite));
    const db = new Kysely<Tables>({ dialect: createSqliteDialect(database) });
    return {
      kind: "sqlite",
      db,
      run,
      // One writer, and the write lock from the start: nothing can come between.
      transact: (what, work) => run(what, () => db.transaction().execute(work)),
      inTurn: (what, work) => run(what, () => db.transaction().execute(work)),
      file: {
        async copyTo(path) {
          const source = database.location();
          if (source !== null) return copySqliteFile(source, path);
          // In memory there is this connection only: in turn with the other work, and at once.
          await sql`vacuum into ${path}`.execute(db);
        },
        findDamage: (table) => findSqliteDamage(database, table),
      },
      nowUnixMs,
      breathe,
      close: () => db.destroy(),
    };
  }
  const db = new Kysely<Tables>({ dialect: createPostgresDialect(place.postgres, effects.log) });
  const run = createRetry(effects, { mayHang: true });
  return {
    kind: "postgres",
    db,
    run,
    transact: (what, work) =>
      run(what, () => db.transaction().setIsolationLevel("serializable").execute(work)),
    // Not serializable: that would see the world as it was when it began to wait for its turn.
    inTurn: (what, work) =>
      run(what, () =>
        db.transaction().execute(async (trx) => {
          await sql`select pg_advisory_xact_lock(7600, 7602)`.execute(trx);
          return work(trx);
        }),
      ),
    file: null,
    nowUnixMs,
    breathe,
    close: () => db.destroy(),
  };
}
