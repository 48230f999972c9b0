import { readFileSync, unlinkSync, writeSync } from "node:fs";

/** Whether the file names this fail point; then it is gone, so that the next run lives on. */
export function isDueOnce(path: string | undefined, name: string): boolean {
  if (path === undefined) return false;
  try {
    if (readFileSync(path, "utf8").trim() !== name) return false;
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Ends this process as `kill -9` would. */
export function dieHere(): never {
  process.kill(process.pid, "SIGKILL");
  // The signal is delivered before the next system call of this thread returns to us.
  for (;;) writeSync(2, "");
}
