import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";

/** Held by this process until it is released, or the process ends, however it ends. */
export interface Lock {
  release(): void;
}

/**
 * flock(2) on a file: one process at a time, and the kernel gives it back for one that was killed.
 * Node has no such call; flock(1) locks the open file that it is handed, which stays ours.
 */
export function takeLock(path: string, waitSeconds: number): Promise<Result<Lock, string>> {
  return new Promise((resolve) => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(path, "a", 0o600);
    const child = spawn("/usr/bin/flock", ["--exclusive", "--wait", String(waitSeconds), "3"], {
      stdio: ["ignore", "ignore", "ignore", file],
      env: {},
    });
    const refuse = (why: string): void => {
      closeSync(file);
      resolve(fail(why));
    };
    child.once("error", (error) => refuse(`flock could not be started (${error.message})`));
    child.once("close", (code) => {
      if (code === 0) resolve(ok({ release: () => closeSync(file) }));
      else if (code === 1) refuse(`another order was not over within ${waitSeconds} s`);
      else refuse(`flock ended with ${code}`);
    });
  });
}
