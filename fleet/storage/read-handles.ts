import { closeSync, openSync } from "node:fs";
import { join } from "node:path";

/** Files kept open for reading, so that a read is one call of the system. */
export interface ReadHandles {
  /** Opens the file where it is not open yet; it stays open while `work` runs. */
  use<Answer>(name: string, work: (file: number) => Promise<Answer>): Promise<Answer>;
  /** For a file that is removed or replaced: closed once nobody reads it. */
  forget(name: string): void;
  close(): void;
}

/** Well below what a process may open, beside the sockets of ten thousand agents. */
export const readHandlesMax = 64;

interface Handle {
  readonly file: number;
  readers: number;
  isForgotten: boolean;
}

export function createReadHandles(directory: string): ReadHandles {
  /** The one used last stands at the end. */
  const handles = new Map<string, Handle>();

  const closeIfIdle = (handle: Handle): void => {
    if (handle.isForgotten && handle.readers === 0) closeSync(handle.file);
  };
  const forget = (name: string): void => {
    const handle = handles.get(name);
    if (handle === undefined) return;
    handles.delete(name);
    handle.isForgotten = true;
    closeIfIdle(handle);
  };

  return {
    async use(name, work) {
      const handle = handles.get(name) ?? {
        file: openSync(join(directory, name), "r"),
        readers: 0,
        isForgotten: false,
      };
      handles.delete(name);
      handles.set(name, handle);
      for (const oldest of handles.keys()) {
        if (handles.size <= readHandlesMax) break;
        forget(oldest);
      }
      handle.readers += 1;
      try {
        return await work(handle.file);
      } finally {
        handle.readers -= 1;
        closeIfIdle(handle);
      }
    },
    forget,
    close() {
      for (const name of [...handles.keys()]) forget(name);
    },
  };
}
