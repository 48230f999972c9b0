import type { Log } from "#proto/vocabulary/log.ts";
import type { BlockFolder } from "./block-folder.ts";

/** Files that somebody reads are removed when the last reader is done. */
export interface FileLeases {
  /** Call what it answers once, when done. */
  hold(names: readonly string[]): () => void;
  remove(name: string): void;
}

export function createFileLeases(folder: BlockFolder, log: Log): FileLeases {
  const readers = new Map<string, number>();
  const doomed = new Set<string>();

  const removeNow = (name: string): void => {
    try {
      folder.remove(name);
    } catch (error) {
      // It is found again, and removed, when the store is opened next.
      log.error({ err: error, file: name }, "a telemetry file cannot be removed");
    }
  };

  return {
    hold(names) {
      for (const name of names) readers.set(name, (readers.get(name) ?? 0) + 1);
      return () => {
        for (const name of names) {
          const left = (readers.get(name) ?? 1) - 1;
          if (left > 0) {
            readers.set(name, left);
            continue;
          }
          readers.delete(name);
          if (doomed.delete(name)) removeNow(name);
        }
      };
    },
    remove(name) {
      if (readers.has(name)) doomed.add(name);
      else removeNow(name);
    },
  };
}
