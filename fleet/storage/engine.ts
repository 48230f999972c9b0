import { Kysely, type Transaction } from "kysely";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { createPostgresDialect } from "./postgres-dialect.ts";
import { createRetry, type RetryEffects, type RunStoreWork } from "./retry.ts";
import { createSqliteDialect, openSqlite } from "./sqlite-dialect.ts";
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
  /** The program's clock; the database's is never asked. */
  nowUnixMs(): UnixMs;
  close(): Promise<void>;
}

/** SQLite opens at once and may throw; PostgreSQL connects with the first work. */
export function openEngine(place: StorePlace, effects: RetryEffects): Engine {
  const nowUnixMs = (): UnixMs => effects.clock.nowUnixMs();
  if ("sqlite" in place) {
    const db = new Kysely<Tables>({ dialect: createSqliteDialect(openSqlite(place.sqlite)) });
    const run = createRetry(effects, { mayHang: false });
    return {
      kind: "sqlite",
      db,
      run,
      // One writer, and the write lock from the start: nothing can come between.
      transact: (what, work) => run(what, () => db.transaction().execute(work)),
      nowUnixMs,
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
    nowUnixMs,
    close: () => db.destroy(),
  };
}
