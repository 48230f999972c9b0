/**
 * What an error of an engine means for the caller. `passing`: a lock, a serialization conflict or a
 * lost connection, worth another try. `conflict`: a unique key that another row has. Sources:
 * sqlite.org/rescode.html (primary codes are the low byte), PostgreSQL appendix A (SQLSTATE), and
 * Node's codes of a broken socket.
 */
export type ErrorNature = "passing" | "conflict" | "full" | "damaged" | "other";

export function classifyEngineError(error: unknown): ErrorNature {
  if (!(error instanceof Error)) return "other";
  if ("errcode" in error && typeof error.errcode === "number") {
    if (sqliteUniqueCodes.has(error.errcode)) return "conflict";
    return sqliteNatures.get(error.errcode & 0xff) ?? "other";
  }
  if ("code" in error && typeof error.code === "string") {
    const { code } = error;
    return natures.get(code) ?? (code.startsWith("08") ? "passing" : "other");
  }
  return lostConnection.test(error.message) ? "passing" : "other";
}

/** SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE. */
const sqliteUniqueCodes = new Set([1555, 2067]);

const sqliteNatures = new Map<number, ErrorNature>([
  [5, "passing"], // SQLITE_BUSY
  [6, "passing"], // SQLITE_LOCKED
  [11, "damaged"], // SQLITE_CORRUPT
  [13, "full"], // SQLITE_FULL
  [26, "damaged"], // SQLITE_NOTADB
]);

const natures = new Map<string, ErrorNature>([
  ["23505", "conflict"], // unique_violation
  ["40001", "passing"], // serialization_failure
  ["40P01", "passing"], // deadlock_detected
  ["53300", "passing"], // too_many_connections
  ["55P03", "passing"], // lock_not_available
  ["57P01", "passing"], // admin_shutdown
  ["57P02", "passing"], // crash_shutdown
  ["57P03", "passing"], // cannot_connect_now
  ["53100", "full"], // disk_full
  ["XX001", "damaged"], // data_corrupted
  ["XX002", "damaged"], // index_corrupted
  ["ECONNREFUSED", "passing"],
  ["ECONNRESET", "passing"],
  ["EPIPE", "passing"],
  ["ETIMEDOUT", "passing"],
  ["EHOSTUNREACH", "passing"],
  ["ENETUNREACH", "passing"],
  ["EAI_AGAIN", "passing"],
  // A unix socket that is not there yet: the server is starting.
  ["ENOENT", "passing"],
]);

/** pg says these without a code. */
const lostConnection =
  /^(Connection terminated|Connection ended|timeout exceeded when trying to connect|Client has encountered a connection error|Postgres connection has been discarded|Query read timeout)/;
