import { type Dialect, PostgresDialect } from "kysely";
import { Pool, types } from "pg";
import type { Log } from "#proto/vocabulary/log.ts";

const connectionsMax = 8;
const connectMsMax = 5_000;
/** A statement or an open transaction that takes longer is ended by the server, ms. */
const statementMsMax = 20_000;

const int8 = 20;

/** Kysely over `pg`: a small pool, whole numbers as numbers, limits that the server keeps. */
export function createPostgresDialect(url: string, log: Log): Dialect {
  const pool = new Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: connectMsMax,
    keepAlive: true,
    statement_timeout: statementMsMax,
    idle_in_transaction_session_timeout: statementMsMax,
    application_name: "wws-fleet",
    types: {
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        oid === int8 && format !== "binary" ? parseInt8 : types.getTypeParser(oid, format),
    },
  });
  // A connection that breaks while nobody uses it; the next work gets a fresh one.
  pool.on("error", (err) => log.warn({ err }, "idle database connection was lost"));
  // And one that breaks in use: whoever uses it gets the error and decides, but pg also says it
  // here, and an error event without a listener would end the process.
  pool.on("connect", (client) => {
    client.on("error", (err) => log.debug({ err }, "database connection was lost"));
  });
  return new PostgresDialect({ pool });
}

/** 64-bit whole numbers come as text; one that a double cannot hold exactly is refused. */
function parseInt8(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`the database holds the number ${text}, which is beyond 2^53`);
}
