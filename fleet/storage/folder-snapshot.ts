import { linkSync, mkdirSync, readdirSync, statSync, unlinkSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "./whole-file.ts";

/** Files of one folder as they were at one moment. */
export interface FolderSnapshot {
  readonly target: string;
  readonly files: readonly SnapshotFile[];
}

interface SnapshotFile {
  readonly name: string;
  /** Bytes at that moment; what is appended later is not part of it. */
  readonly bytes: number;
}

const linkEnd = ".link";

/**
 * Holds the files of a folder without reading them: a hard link for each, all made in one turn of
 * the event loop. A file that is removed afterwards is still held. `target` must be on the same
 * file system; it is made where it is missing.
 */
export function linkSnapshot(
  source: string,
  target: string,
  isWanted: (name: string) => boolean = () => true,
): FolderSnapshot {
  mkdirSync(target, { recursive: true, mode: 0o700 });
  const names = readdirSync(source, { withFileTypes: true })
    .filter((entry) => entry.isFile() && isWanted(entry.name))
    .map((entry) => entry.name)
    .sort();
  const files = names.map((name) => {
    linkSync(join(source, name), join(target, name + linkEnd));
    return { name, bytes: statSync(join(target, name + linkEnd)).size };
  });
  return { target, files };
}

const chunkBytes = 1024 * 1024;

/** Makes files of their own out of the links, each cut to its size then, and on disk. */
export async function copySnapshot({ target, files }: FolderSnapshot): Promise<void> {
  const buffer = new Uint8Array(chunkBytes);
  for (const { name, bytes } of files) {
    const link = join(target, name + linkEnd);
    const from = await open(link, "r");
    const to = await open(join(target, name), "wx", 0o600);
    try {
      for (let at = 0; at < bytes; ) {
        const wanted = Math.min(chunkBytes, bytes - at);
        const { bytesRead } = await from.read(buffer, 0, wanted, at);
        // Cut shorter meanwhile: what is gone was never part of the log for good.
        if (bytesRead === 0) break;
        await to.writeFile(buffer.subarray(0, bytesRead));
        at += bytesRead;
      }
      await to.sync();
    } finally {
      await from.close();
      await to.close();
    }
    unlinkSync(link);
  }
  syncFolder(target);
}

export function snapshotBytes(...snapshots: readonly FolderSnapshot[]): number {
  return snapshots.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0);
}
