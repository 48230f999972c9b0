import { spawn } from "node:child_process";
import { decodeText, errnoOf } from "./live-files.ts";

export interface ChildRequest {
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
  /** For stdout and stderr together. */
  readonly outputBytesMax: number;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
}

export type ChildOutcome =
  | {
      readonly kind: "ended";
      readonly exitCode: number | null;
      readonly signal: string | null;
      readonly stdout: string;
      readonly stderr: string;
    }
  | { readonly kind: "timed-out" }
  | { readonly kind: "too-large" }
  | { readonly kind: "not-started"; readonly errno: string | null; readonly detail: string };

/**
 * Runs a program to its end, without a shell, as leader of its own process group: what it started
 * goes with it when it is late or talks too much. Never rejects.
 */
export function runChild(request: ChildRequest): Promise<ChildOutcome> {
  return new Promise((resolve) => {
    const child = spawn(request.program, [...request.args], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: request.env,
      cwd: "/",
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let byteCount = 0;
    let cutShort: "timed-out" | "too-large" | null = null;
    const cut = (kind: "timed-out" | "too-large"): void => {
      if (cutShort !== null) return;
      cutShort = kind;
      killGroup(child.pid);
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const timer = setTimeout(() => cut("timed-out"), request.timeoutMs);
    const keepIn = (chunks: Buffer[]) => (chunk: Buffer) => {
      byteCount += chunk.length;
      if (byteCount > request.outputBytesMax) cut("too-large");
      else chunks.push(chunk);
    };
    child.stdout.on("data", keepIn(stdout));
    child.stderr.on("data", keepIn(stderr));
    child.once("error", (error) => {
      clearTimeout(timer);
      resolve({ kind: "not-started", errno: errnoOf(error), detail: error.message });
    });
    child.once("close", (exitCode, signal) => {
      clearTimeout(timer);
      if (cutShort !== null) return resolve({ kind: cutShort });
      const text = (chunks: Buffer[]): string => decodeText(Buffer.concat(chunks));
      resolve({ kind: "ended", exitCode, signal, stdout: text(stdout), stderr: text(stderr) });
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // ESRCH: all of it has ended already, which is what was wanted.
    if (errnoOf(error) !== "ESRCH") throw error;
  }
}
