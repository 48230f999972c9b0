import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a small file whole, mode 0600 in a folder of mode 0700: beside, synced, renamed, and then
 * the folder is synced too. A power cut leaves the old text or the new one, never half, and what
 * this has returned from is there afterwards. Throws the system's error.
 */
export function writeWhole(path: string, text: string): void {
  const folder = dirname(path);
  const unfinished = `${path}.new`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // One left by a crash may have another mode.
  removeIfThere(unfinished);
  const bytes = Buffer.from(text);
  const file = openSync(unfinished, "wx", 0o600);
  try {
    for (let from = 0; from < bytes.length; ) from += writeSync(file, bytes, from);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(unfinished, path);
  syncFolder(folder);
}

/** `ENOSPC`, or the error's own words where it has no code. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

/** Makes the new name itself outlive a power cut. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
