import { Kysely } from "kysely";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { createRetry, type RetryEffects, type RunStoreWork } from "./retry.ts";
import { createSqliteDialect, openSqlite } from "./sqlite-dialect.ts";
import type { Tables } from "./tables.ts";

/** `sqlite`: a path, or ":memory:". `postgres`: a `postgres://` URL. */
export type StorePlace = { readonly sqlite: string } | { readonly postgres: string };

/** A database that is open, and how work is run on it. */
export interface Engine {
  readonly kind: "sqlite" | "postgres";
  readonly db: Kysely<Tables>;
  /** Retries what passes by itself; see createRetry. */
  readonly run: RunStoreWork;
  /** The program's clock; the database's is never asked. */
  nowUnixMs(): UnixMs;
  close(): Promise<void>;
}

export function openEngine(place: StorePlace, effects: RetryEffects): Engine {
  const run = createRetry(effects);
  const nowUnixMs = (): UnixMs => effects.clock.nowUnixMs();
  if ("sqlite" in place) {
    const db = new Kysely<Tables>({ dialect: createSqliteDialect(openSqlite(place.sqlite)) });
    return { kind: "sqlite", db, run, nowUnixMs, close: () => db.destroy() };
  }
  throw new Error("postgres comes next");
}
