import {
  closeSync,
  copyFileSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "#proto/vocabulary/clock.ts";

/** A file that other processes append to, and that we keep from growing without end. */
export interface BoundedLog {
  /** For a child's stdout and stderr; opened to append. */
  readonly file: number;
  /** The end of what was written since it was opened. */
  tail(): string;
  close(): void;
}

export interface LogLimits {
  /** Beyond this its text is moved to `<path>.1`, which is kept until the next time. */
  readonly bytesMax: number;
  readonly checkMs: number;
}

const logDefaults: LogLimits = { bytesMax: 16 * 1024 * 1024, checkMs: 1_000 };
const tailBytesMax = 32 * 1024;

/**
 * The child writes to the file itself, so that it depends on nobody reading a pipe; we look at the
 * size. Whoever appends goes on at the start after the file was emptied. What is written between
 * copying and emptying is lost, and a disk too full for the copy costs the old lines.
 */
export function openBoundedLog(
  path: string,
  clock: Clock,
  limits: LogLimits = logDefaults,
): BoundedLog {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, "a+", 0o600);
  setAside();
  let start = fstatSync(file).size;
  let cancel = clock.after(limits.checkMs, check);

  function check(): void {
    if (setAside()) start = 0;
    cancel = clock.after(limits.checkMs, check);
  }

  function setAside(): boolean {
    if (fstatSync(file).size <= limits.bytesMax) return false;
    const old = `${path}.1`;
    try {
      copyFileSync(path, old);
    } catch {
      rmSync(old, { force: true });
    }
    ftruncateSync(file, 0);
    return true;
  }

  return {
    file,
    tail: () => readEnd(file, start),
    close: () => {
      cancel();
      closeSync(file);
    },
  };
}

function readEnd(file: number, from: number): string {
  const { size } = fstatSync(file);
  const start = Math.max(from, size - tailBytesMax);
  const bytes = Buffer.alloc(Math.max(0, size - start));
  const length = readSync(file, bytes, 0, bytes.length, start);
  return bytes.toString("utf8", 0, length);
}
