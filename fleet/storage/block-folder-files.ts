import {
  closeSync,
  fdatasync,
  fsync,
  fsyncSync,
  fstatSync,
  mkdirSync,
  openSync,
  read,
  readdirSync,
  renameSync,
  statfsSync,
  statSync,
  truncateSync,
  unlinkSync,
  write,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { AppendFile, BlockFolder } from "#fleet/telemetry/block-folder.ts";
import { createReadHandles } from "./read-handles.ts";

/** A BlockFolder on a real disk. */
export interface FilesBlockFolder extends BlockFolder {
  /** Gives back the files that are kept open for reading. */
  close(): void;
}

/**
 * Opens the folder, makes it where it is not. Files and the folder itself are synced where the port
 * promises durability; a removal is not, and may be undone by a power cut. Throws the system's error.
 */
export function openBlockFolder(directory: string): FilesBlockFolder {
  mkdirSync(directory, { recursive: true, mode: 0o750 });
  for (const name of readdirSync(directory)) {
    // Left by a crash in the middle of `writeWhole`.
    if (name.endsWith(unfinished)) unlinkSync(join(directory, name));
  }
  const handles = createReadHandles(directory);
  const openLogs = new Map<string, { size: number }>();
  const pathOf = (name: string): string => join(directory, name);

  return {
    list: () =>
      readdirSync(directory)
        .filter((name) => !name.endsWith(unfinished))
        .sort(),
    openLog(name) {
      const file = openSync(pathOf(name), "a", 0o640);
      syncDirectory(directory);
      const state = { size: fstatSync(file).size };
      openLogs.set(name, state);
      return appendFile(file, state, () => openLogs.delete(name));
    },
    read: (name, offset, length) => handles.use(name, (file) => readFully(file, offset, length)),
    readWhole: (name) => handles.use(name, (file) => readFully(file, 0, fstatSync(file).size)),
    size: (name) => statSync(pathOf(name)).size,
    async writeWhole(name, bytes) {
      const temporary = pathOf(name + unfinished);
      const file = openSync(temporary, "w", 0o640);
      try {
        await writeFully(file, bytes);
        await fsyncAsync(file);
      } catch (error) {
        closeSync(file);
        unlinkSync(temporary);
        throw error;
      }
      closeSync(file);
      handles.forget(name);
      renameSync(temporary, pathOf(name));
      syncDirectory(directory);
    },
    remove(name) {
      handles.forget(name);
      unlinkSync(pathOf(name));
    },
    truncate(name, length) {
      truncateSync(pathOf(name), length);
      const open = openLogs.get(name);
      if (open !== undefined) open.size = length;
    },
    freeBytes() {
      const { bavail, bsize } = statfsSync(directory);
      return bavail * bsize;
    },
    close: handles.close,
  };
}

const unfinished = ".unfinished";
const readAsync = promisify(read);
const writeAsync = promisify(write);
const fsyncAsync = promisify(fsync);
const fdatasyncAsync = promisify(fdatasync);

function appendFile(file: number, state: { size: number }, onClose: () => void): AppendFile {
  let isOpen = true;
  return {
    async append(bytes) {
      const offset = state.size;
      try {
        await writeFully(file, bytes);
      } catch (error) {
        // Part of it may be there; the store cuts it off.
        state.size = fstatSync(file).size;
        throw error;
      }
      state.size = offset + bytes.length;
      return offset;
    },
    // The size is part of what fdatasync makes durable; times are not, and nobody reads them.
    sync: () => fdatasyncAsync(file),
    async close() {
      if (!isOpen) return;
      isOpen = false;
      onClose();
      closeSync(file);
    },
  };
}

/** Where the file stands (its end, for one that appends); a disk may take less than it is given. */
async function writeFully(file: number, bytes: Uint8Array): Promise<void> {
  let at = 0;
  while (at < bytes.length) {
    const { bytesWritten } = await writeAsync(file, bytes, at, bytes.length - at, null);
    at += bytesWritten;
  }
}

/** Fewer bytes than asked for only where the file ends. */
async function readFully(file: number, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await readAsync(file, bytes, at, length - at, offset + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return at === length ? bytes : bytes.slice(0, at);
}

/** A new or renamed file is there after a crash only when its folder was synced too. */
function syncDirectory(directory: string): void {
  const folder = openSync(directory, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
