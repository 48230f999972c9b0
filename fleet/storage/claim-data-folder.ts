import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statfsSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StoreError } from "./store-error.ts";

/** How the folder is laid out; the control store and the telemetry have versions of their own. */
export const dataFolderFormat = 1;

/** Less than this and nothing would work for long: better said at the start. */
const freeBytesMin = 16 * 1024 * 1024;

export interface ClaimedFolder {
  readonly path: string;
  /** Another process may have it now. */
  release(): void;
}

/**
 * Makes the data folder where it is missing, and takes it for this process alone. The claim is the
 * operating system's lock on a file, held through SQLite: it ends with the process, however that
 * dies, so none is ever stale; it also ends when the answer is let go, so keep it. Throws StoreError: `STORE_IN_USE` names the process that has it,
 * `STORE_NEWER` both versions, `STORE_FULL`, `STORE_FAILED` (not writable).
 */
export function claimDataFolder(
  path: string,
  holder: { readonly pid: number; readonly release: string },
): ClaimedFolder {
  withHints(path, () => {
    makeFolder(path);
    refuseFullDisk(path);
  });
  const lock = takeLock(path);
  try {
    withHints(path, () => {
      refuseNewerFormat(path, holder.release);
      writeSmallFile(path, "format.json", { format: dataFolderFormat, writtenBy: holder.release });
      writeSmallFile(path, "holder.json", holder);
    });
  } catch (cause) {
    lock.close();
    throw cause;
  }
  return { path, release: () => lock.close() };
}

/** Not `recursive: true`, which turns for ever where a folder is there and takes none (/proc). */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (cause) {
    const errno = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (errno === "EEXIST" && statSync(path).isDirectory()) return;
    if (errno !== "ENOENT" || existsSync(dirname(path))) throw cause;
    makeFolder(dirname(path));
    mkdirSync(path, { mode: 0o700 });
  }
}

function takeLock(path: string): DatabaseSync {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(path, "manager.lock"), { timeout: 0 });
    lock.exec("PRAGMA journal_mode = MEMORY");
    lock.exec("PRAGMA locking_mode = EXCLUSIVE");
    lock.exec("BEGIN EXCLUSIVE");
    chmodSync(join(path, "manager.lock"), 0o600);
    return lock;
  } catch (cause) {
    lock?.close();
    if (cause instanceof Error && "errcode" in cause && cause.errcode === sqliteBusy)
      throw new StoreError("STORE_IN_USE", inUseMessage(path), { cause });
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError(
      "STORE_FAILED",
      `${path} cannot be used as data folder: ${detail}. It must be writable for this user (WWS_DATA, or data in the configuration)`,
      { cause },
    );
  }
}

const sqliteBusy = 5;

function inUseMessage(path: string): string {
  const holder = readJson(join(path, "holder.json"));
  const pid = holder === null ? undefined : Reflect.get(holder, "pid");
  const who = typeof pid === "number" ? `process ${pid}` : "another process";
  const stop = typeof pid === "number" ? `stop it (kill ${pid})` : "stop that one";
  return `the data folder ${path} is in use by ${who}, another wws-fleet: ${stop}, or give this one its own folder (WWS_DATA) and port (WWS_PORT)`;
}

function refuseNewerFormat(path: string, release: string): void {
  const found = readJson(join(path, "format.json"));
  const format: unknown = found === null ? undefined : Reflect.get(found, "format");
  if (typeof format !== "number" || format <= dataFolderFormat) return;
  const writtenBy: unknown = found === null ? undefined : Reflect.get(found, "writtenBy");
  const newer = typeof writtenBy === "string" ? `wws-fleet ${writtenBy}` : "a newer wws-fleet";
  throw new StoreError(
    "STORE_NEWER",
    `the data folder ${path} has format ${format}, written by ${newer}; this is wws-fleet ${release}, ` +
      `which knows formats up to ${dataFolderFormat}. Start the newer one, or give this one another folder (WWS_DATA). Nothing was changed`,
  );
}

function readJson(path: string): object | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof value === "object" ? value : null;
  } catch {
    // Not there, or torn by a crash: it says nothing then.
    return null;
  }
}

function refuseFullDisk(path: string): void {
  const { bavail, bsize } = statfsSync(path);
  if (bavail * bsize >= freeBytesMin) return;
  const mebibytes = Math.floor((bavail * bsize) / 1024 / 1024);
  throw new StoreError(
    "STORE_FULL",
    `the disk under ${path} has ${mebibytes} MiB left; at least ${freeBytesMin / 1024 / 1024} are needed to start`,
  );
}

function writeSmallFile(path: string, name: string, content: object): void {
  const unfinished = join(path, `.${name}`);
  const file = openSync(unfinished, "w", 0o600);
  try {
    writeSync(file, `${JSON.stringify(content)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(unfinished, join(path, name));
}

/** What the system says of a folder, as something to do about it. */
function withHints(path: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    const errno = cause instanceof Error && "code" in cause ? cause.code : undefined;
    const hint = typeof errno === "string" ? hints[errno] : undefined;
    if (hint === undefined) throw cause;
    const code = errno === "ENOSPC" || errno === "EDQUOT" ? "STORE_FULL" : "STORE_FAILED";
    throw new StoreError(code, `${path} cannot be used as data folder: ${hint}`, { cause });
  }
}

const notWritable =
  "it is not writable for this user; change its owner, or name another folder (WWS_DATA)";
const hints: Readonly<Record<string, string>> = {
  EACCES: notWritable,
  EPERM: notWritable,
  EROFS: "the file system is read-only; name another folder (WWS_DATA)",
  ENOENT: "it cannot be made there; name another folder (WWS_DATA)",
  ENOTDIR: "a part of the path is a file; name another folder (WWS_DATA)",
  EEXIST: "it is a file; name another folder (WWS_DATA)",
  ENOSPC: "the disk is full; make room and start again",
  EDQUOT: "the quota is used up; make room and start again",
};
