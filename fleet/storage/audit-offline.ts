import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import type { ExportedHead } from "#fleet/audit/audit.ts";
import type { ChainItem } from "#fleet/audit/verify.ts";
import { auditHeadsFileName, readAuditHeads } from "./audit-heads-file.ts";
import { auditFromRow } from "./audit-rows.ts";
import { readDump, verifyDump } from "./dump.ts";
import type { AuditRow } from "./life-columns.ts";
import { StoreError } from "./store-error.ts";

/**
 * The audit in a store's file, without a manager and without changing the file: an SQLite store or a
 * copy of one, or a dump (`control.jsonl`). Throws StoreError `STORE_DAMAGED`, `STORE_FAILED`.
 */
export async function* readAuditFile(path: string): AsyncGenerator<ChainItem> {
  if (!existsSync(path)) throw new StoreError("STORE_FAILED", `there is no file ${path}`);
  if (isSqlite(path)) yield* readSqlite(path);
  else {
    await verifyDump(path);
    for await (const { table, row } of readDump(path)) if (table === "audit") yield itemOf(row);
  }
}

/** The heads that were exported beside a store's file; `path` null: none were asked for or found. */
export function readHeadsBeside(
  store: string,
  heads: string | null,
): { readonly path: string | null; readonly heads: readonly ExportedHead[] } {
  const beside = join(dirname(store), auditHeadsFileName);
  const path = heads ?? (existsSync(beside) ? beside : null);
  return { path, heads: path === null ? [] : readAuditHeads(path) };
}

/** The first bytes of every SQLite database, sqlite.org/fileformat.html. */
const sqliteMagic = "SQLite format 3\u0000";

function isSqlite(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const start = Buffer.alloc(sqliteMagic.length);
    readSync(file, start, 0, start.length, 0);
    return start.toString("latin1") === sqliteMagic;
  } finally {
    closeSync(file);
  }
}

async function* readSqlite(path: string): AsyncGenerator<ChainItem> {
  const database = openReadOnly(path);
  try {
    const table = database
      .prepare("select name from sqlite_schema where type = 'table' and name = 'audit'")
      .get();
    if (table === undefined)
      throw new StoreError(
        "STORE_FAILED",
        `${path} has no audit: it is no control store, or one of a release before there was any`,
      );
    for (const row of database.prepare("select * from audit order by seq").iterate())
      yield itemOf(row);
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw damaged(path, cause);
  } finally {
    database.close();
  }
}

/**
 * A store that nobody has open is read as it lies, also from a medium that cannot be written; one with
 * a log beside it is read with that log.
 */
function openReadOnly(path: string): DatabaseSync {
  try {
    if (existsSync(`${path}-wal`)) return new DatabaseSync(path, { readOnly: true });
    const place = pathToFileURL(path);
    place.search = "immutable=1";
    return new DatabaseSync(place, { readOnly: true });
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function damaged(path: string, cause: unknown): StoreError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new StoreError("STORE_DAMAGED", `${path} cannot be read: ${detail}`, { cause });
}

/** Whatever a hand put into the row: it is judged, never trusted. */
function itemOf(row: Readonly<Record<string, unknown>>): ChainItem {
  const { seq, at_ms, actor, subject_id, previous_sha256, sha256, entry_json } = row;
  const place = typeof seq === "number" ? seq : Number.NaN;
  if (
    typeof at_ms !== "number" ||
    typeof actor !== "string" ||
    typeof subject_id !== "string" ||
    typeof previous_sha256 !== "string" ||
    typeof sha256 !== "string" ||
    typeof entry_json !== "string"
  )
    return { seq: place, unreadable: `audit record ${String(seq)} has a field of another type` };
  const whole: AuditRow = {
    seq: place,
    at_ms,
    actor,
    subject_id,
    previous_sha256,
    sha256,
    entry_json,
  };
  try {
    return auditFromRow(whole);
  } catch (cause) {
    return { seq: place, unreadable: cause instanceof Error ? cause.message : String(cause) };
  }
}
