import type { AppendFile, BlockFolder } from "#fleet/telemetry/block-folder.ts";
import type { SeededRandom } from "./seeded-random.ts";

/**
 * A disk in memory that can lose power. `crash` gives the folder as it is after the power came back:
 * what was synced is whole; of the rest, each file keeps a piece from the front, perhaps with a
 * hole of zeros in it; removals that were not followed by a sync may be undone. What still waited
 * on the old folder waits for ever, as in a process that is gone.
 */
export interface MemoryBlockFolder extends BlockFolder {
  crash(random: SeededRandom): MemoryBlockFolder;
  /** Bytes that the disk has in all. */
  setCapacity(bytes: number): void;
  /** The next operations of a kind fail with this, in order. */
  failNext(operation: FailingOperation, error: Error): void;
  /** Flips the bits of one byte, as a bad disk does. */
  damage(name: string, offset: number, mask?: number): void;
  /** How often each operation was asked for. */
  readonly counts: Readonly<Record<FailingOperation, number>>;
}

export type FailingOperation = "append" | "sync" | "writeWhole" | "read" | "truncate" | "remove";

export interface MemoryBlockFolderOptions {
  readonly capacityBytes?: number;
  /** Waited for inside each sync: virtual time that a disk takes. */
  readonly beforeSync?: () => Promise<void>;
}

interface MemoryFile {
  bytes: Uint8Array;
  length: number;
  syncedLength: number;
  /** Whether a crash leaves the file there at all. */
  isDurable: boolean;
}

export function createMemoryBlockFolder(options: MemoryBlockFolderOptions = {}): MemoryBlockFolder {
  return createFolder(options, new Map());
}

export function diskFullError(): Error {
  return Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
}

function createFolder(
  options: MemoryBlockFolderOptions,
  files: Map<string, MemoryFile>,
): MemoryBlockFolder {
  let capacity = options.capacityBytes ?? Number.MAX_SAFE_INTEGER;
  let isDead = false;
  const removed = new Map<string, MemoryFile>();
  const failures = new Map<FailingOperation, Error[]>();
  const counts = { append: 0, sync: 0, writeWhole: 0, read: 0, truncate: 0, remove: 0 };

  const begin = (operation: FailingOperation): void => {
    counts[operation] += 1;
    const error = failures.get(operation)?.shift();
    if (error !== undefined) throw error;
  };
  const ifAlive = (): Promise<void> => (isDead ? new Promise(() => {}) : Promise.resolve());
  const require = (name: string): MemoryFile => {
    const file = files.get(name);
    if (file !== undefined) return file;
    throw Object.assign(new Error(`ENOENT: no such file: ${name}`), { code: "ENOENT" });
  };
  const used = (): number => {
    let bytes = 0;
    for (const file of files.values()) bytes += file.length;
    return bytes;
  };

  const openLog = (name: string): AppendFile => {
    if (!files.has(name)) files.set(name, newFile(false));
    return {
      async append(bytes) {
        await ifAlive();
        begin("append");
        const file = require(name);
        const room = Math.max(0, capacity - used());
        const offset = file.length;
        put(file, bytes.subarray(0, room));
        if (bytes.length > room) throw diskFullError();
        return offset;
      },
      async sync() {
        await options.beforeSync?.();
        await ifAlive();
        begin("sync");
        const file = require(name);
        file.syncedLength = file.length;
        file.isDurable = true;
        removed.clear();
      },
      close: ifAlive,
    };
  };

  return {
    list: () => [...files.keys()].sort(),
    openLog,
    async read(name, offset, length) {
      await ifAlive();
      begin("read");
      const file = require(name);
      return file.bytes.slice(offset, Math.min(file.length, offset + length));
    },
    async readWhole(name) {
      await ifAlive();
      begin("read");
      const file = require(name);
      return file.bytes.slice(0, file.length);
    },
    size: (name) => require(name).length,
    async writeWhole(name, bytes) {
      await ifAlive();
      begin("writeWhole");
      if (bytes.length > capacity - used()) throw diskFullError();
      const file = newFile(true);
      put(file, bytes);
      file.syncedLength = file.length;
      files.set(name, file);
      removed.clear();
    },
    remove(name) {
      if (isDead) return;
      begin("remove");
      const file = files.get(name);
      files.delete(name);
      if (file?.isDurable) removed.set(name, file);
    },
    truncate(name, length) {
      if (isDead) return;
      begin("truncate");
      const file = require(name);
      file.bytes.fill(0, length, file.length);
      file.length = Math.min(file.length, length);
      file.syncedLength = Math.min(file.syncedLength, length);
    },
    freeBytes: () => Math.max(0, capacity - used()),
    setCapacity: (bytes) => {
      capacity = bytes;
    },
    failNext(operation, error) {
      failures.set(operation, [...(failures.get(operation) ?? []), error]);
    },
    damage(name, offset, mask = 0xff) {
      const file = require(name);
      file.bytes[offset] = (file.bytes[offset] ?? 0) ^ mask;
    },
    counts,
    crash(random) {
      isDead = true;
      const left = new Map<string, MemoryFile>();
      for (const [name, file] of files) {
        if (file.isDurable || random.chance(0.5)) left.set(name, tear(file, random));
      }
      for (const [name, file] of removed) {
        if (!left.has(name) && random.chance(0.5)) left.set(name, tear(file, random));
      }
      return createFolder(options, left);
    },
  };
}

function newFile(isDurable: boolean): MemoryFile {
  return { bytes: new Uint8Array(256), length: 0, syncedLength: 0, isDurable };
}

function put(file: MemoryFile, bytes: Uint8Array): void {
  const end = file.length + bytes.length;
  if (end > file.bytes.length) {
    const grown = new Uint8Array(Math.max(end, file.bytes.length * 2));
    grown.set(file.bytes.subarray(0, file.length));
    file.bytes = grown;
  }
  file.bytes.set(bytes, file.length);
  file.length = end;
}

/** What was not synced comes back in part: cut short, and pages of it never written. */
function tear(file: MemoryFile, random: SeededRandom): MemoryFile {
  const torn = newFile(true);
  const unsynced = file.length - file.syncedLength;
  const kept = file.syncedLength + random.below(unsynced + 1);
  put(torn, file.bytes.slice(0, kept));
  if (kept > file.syncedLength && random.chance(0.5)) {
    const from = file.syncedLength + random.below(kept - file.syncedLength);
    torn.bytes.fill(0, from, from + random.below(kept - from + 1));
  }
  torn.syncedLength = torn.length;
  return torn;
}
