import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a small file so that after a crash it is there whole, or as it was before: a new file
 * beside it, fsync, rename, fsync of the folder. `mode` holds from the first byte on.
 */
export function writeWholeFile(path: string, content: string | Uint8Array, mode: number): void {
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  try {
    writeFresh(fresh, content, mode);
    renameSync(fresh, path);
  } catch (error) {
    // On a full disk what was begun would only make it fuller.
    rmSync(fresh, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

function writeFresh(path: string, content: string | Uint8Array, mode: number): void {
  const file = openSync(path, "wx", mode);
  try {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes a name that was just given or taken in a folder outlive a crash. */
export function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
