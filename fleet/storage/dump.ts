import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { isRecord } from "#proto/vocabulary/plain-record.ts";
import type { Kysely } from "kysely";
import type { Engine } from "./engine.ts";
import { schemaVersion } from "./migrate.ts";
import { StoreError } from "./store-error.ts";
import { primaryKeys, type Tables, tableNames } from "./tables.ts";
import { syncFolder } from "./whole-file.ts";

// A backup that no engine is needed to read: JSON, one line a row. The first line says what it is,
// the last one counts the rows and carries the SHA-256 of everything before it.

const format = "wws-fleet control store";
const formatVersion = 1;
const rowsPerPage = 500;

export interface DumpHeader {
  readonly format: typeof format;
  readonly version: number;
  readonly schemaVersion: number;
  readonly release: string;
  readonly createdMs: number;
}

/** Writes all tables as they were at one moment. The file is there whole or not at all. */
export async function writeDump(engine: Engine, path: string, release: string): Promise<void> {
  const header: DumpHeader = {
    format,
    version: formatVersion,
    schemaVersion,
    release,
    createdMs: engine.nowUnixMs(),
  };
  const fresh = `${path}.new`;
  const file = await open(fresh, "w", 0o600);
  try {
    // Not by `engine.run`: a large store may take longer than a caller may wait for one answer.
    await engine.db
      .transaction()
      .setIsolationLevel("repeatable read")
      .setAccessMode("read only")
      .execute((trx) => writeLines(trx, file, header));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
  syncFolder(dirname(path));
}

async function writeLines(
  trx: Kysely<Tables>,
  file: FileHandle,
  header: DumpHeader,
): Promise<void> {
  const hash = createHash("sha256");
  const write = async (text: string): Promise<void> => {
    hash.update(text);
    await file.write(text);
  };
  await write(`${JSON.stringify(header)}\n`);
  let rows = 0;
  for (const table of tableNames) {
    for await (const page of readPages(trx, table)) {
      rows += page.length;
      await write(page.map((row) => `${JSON.stringify({ table, row })}\n`).join(""));
    }
  }
  await file.write(`${JSON.stringify({ rows, sha256: hash.digest("hex") })}\n`);
}

/** All rows of a table by ascending primary key, a page at a time. */
export async function* readPages<Name extends keyof Tables>(
  db: Kysely<Tables>,
  table: Name,
): AsyncGenerator<readonly Tables[Name][]> {
  const key = db.dynamic.ref<string>(primaryKeys[table]);
  let last: string | undefined;
  for (;;) {
    let query = db
      .selectFrom(table as keyof Tables)
      .selectAll()
      .orderBy(key)
      .limit(rowsPerPage);
    if (last !== undefined) query = query.where(key, ">", last);
    const page = (await query.execute()) as unknown as readonly Tables[Name][];
    if (page.length > 0) yield page;
    const end = page.at(-1);
    if (end === undefined || page.length < rowsPerPage) return;
    last = String(Reflect.get(end, primaryKeys[table]));
  }
}

export interface DumpRow {
  readonly table: string;
  readonly row: Readonly<Record<string, string | number | null>>;
}

/** Reads a dump to its end and checks it; nothing of it may be used before this. Throws StoreError. */
export async function verifyDump(path: string): Promise<DumpHeader> {
  const hash = createHash("sha256");
  let header: DumpHeader | undefined;
  let rows = 0;
  let trailer: { readonly rows: number; readonly sha256: string } | undefined;
  for await (const line of readLines(path)) {
    if (trailer !== undefined) throw damagedDump(path, "it goes on after its last line");
    const value = parseLine(path, line);
    if (header === undefined) header = requireHeader(path, value);
    else if (isTrailer(value)) {
      trailer = value;
      continue;
    } else if (isRow(value)) rows += 1;
    else throw damagedDump(path, `line ${rows + 2} is not a row`);
    hash.update(`${line}\n`);
  }
  if (header === undefined || trailer === undefined) throw damagedDump(path, "its end is missing");
  if (trailer.rows !== rows || trailer.sha256 !== hash.digest("hex"))
    throw damagedDump(path, "its content is not what was written");
  return header;
}

/** The rows of a dump that was verified. */
export async function* readDump(path: string): AsyncGenerator<DumpRow> {
  for await (const line of readLines(path)) {
    const value = parseLine(path, line);
    if (isRow(value)) yield value;
  }
}

async function* readLines(path: string): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of createReadStream(path, { encoding: "utf8" })) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") throw damagedDump(path, "its last line is cut");
}

function parseLine(path: string, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw damagedDump(path, "a line of it is not JSON");
  }
}

function requireHeader(path: string, value: unknown): DumpHeader {
  if (!isRecord(value) || value["format"] !== format)
    throw damagedDump(path, "it is not a backup of a wws-fleet control store");
  const { version, schemaVersion: schema, release, createdMs } = value;
  if (
    typeof version !== "number" ||
    typeof schema !== "number" ||
    typeof release !== "string" ||
    typeof createdMs !== "number"
  )
    throw damagedDump(path, "its first line is incomplete");
  if (version > formatVersion || schema > schemaVersion)
    throw new StoreError(
      "STORE_NEWER",
      `${path} was written by wws-fleet ${release} (schema version ${schema}); this program knows versions up to ${schemaVersion}: restore it with ${release} or newer`,
    );
  return { format, version, schemaVersion: schema, release, createdMs };
}

function isTrailer(value: unknown): value is { readonly rows: number; readonly sha256: string } {
  return (
    isRecord(value) && typeof value["sha256"] === "string" && typeof value["rows"] === "number"
  );
}

const nameForm = /^[a-z][a-z0-9_]*$/;

function isRow(value: unknown): value is DumpRow {
  if (!isRecord(value) || typeof value["table"] !== "string" || !isRecord(value["row"]))
    return false;
  return (
    nameForm.test(value["table"]) &&
    Object.entries(value["row"]).every(
      ([name, field]) =>
        nameForm.test(name) &&
        (field === null || typeof field === "string" || typeof field === "number"),
    )
  );
}

function damagedDump(path: string, what: string): StoreError {
  return new StoreError(
    "STORE_DAMAGED",
    `${path} cannot be restored: ${what}; nothing was changed, take another backup`,
  );
}
