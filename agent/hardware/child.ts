import {
  type ChildProcessByStdio,
  type SpawnOptionsWithStdioTuple,
  spawn,
} from "node:child_process";
import type { Readable } from "node:stream";
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
  /** Called when a child that was killed and given up (`isStuck`) is gone after all. */
  readonly onGone?: () => void;
}

export type ChildOutcome =
  | {
      readonly kind: "ended";
      readonly exitCode: number | null;
      readonly signal: string | null;
      readonly stdout: string;
      readonly stderr: string;
    }
  /** `isStuck`: not even SIGKILL ended it, as of one that the kernel holds. */
  | { readonly kind: "timed-out"; readonly isStuck: boolean }
  | { readonly kind: "too-large" }
  | { readonly kind: "not-started"; readonly errno: string | null; readonly detail: string };

export interface ChildEffects {
  readonly start: (
    program: string,
    args: string[],
    options: SpawnOptionsWithStdioTuple<"ignore", "pipe", "pipe">,
  ) => ChildProcessByStdio<null, Readable, Readable>;
  /** From SIGKILL until a child counts as stuck. */
  readonly graceMs: number;
}

/** From SIGKILL until a child counts as stuck. */
const killGraceMs = 1_000;

/**
 * Runs a program to its end, without a shell, as leader of its own process group: what it started
 * goes with it when it is late or talks too much. One that waits in the kernel for a drive that is
 * dying outlives SIGKILL: it is told as late all the same, and left behind. Never rejects.
 */
export function runChild(
  request: ChildRequest,
  { start, graceMs }: ChildEffects = { start: spawn, graceMs: killGraceMs },
): Promise<ChildOutcome> {
  return new Promise((resolve) => {
    const notStarted = (error: unknown): void => {
      const detail = error instanceof Error ? error.message : String(error);
      resolve({ kind: "not-started", errno: errnoOf(error), detail });
    };
    let child: ReturnType<ChildEffects["start"]>;
    try {
      child = start(request.program, [...request.args], {
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
        env: request.env,
        cwd: "/",
      });
    } catch (error) {
      return notStarted(error);
    }
    child.once("error", notStarted);
    // Where no more files can be opened there is a child without pipes; its error follows.
    if ((child.stdout as Readable | undefined) === undefined) return;
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let byteCount = 0;
    let cutShort: "timed-out" | "too-large" | null = null;
    let isGivenUp = false;
    let stuckTimer: NodeJS.Timeout | undefined;
    const cut = (kind: "timed-out" | "too-large"): void => {
      if (cutShort !== null) return;
      cutShort = kind;
      killGroup(child.pid);
      child.stdout.destroy();
      child.stderr.destroy();
      stuckTimer = setTimeout(() => {
        isGivenUp = true;
        child.unref();
        resolve({ kind: "timed-out", isStuck: true });
      }, graceMs);
    };
    const timer = setTimeout(() => cut("timed-out"), request.timeoutMs);
    const keepIn = (chunks: Buffer[]) => (chunk: Buffer) => {
      byteCount += chunk.length;
      if (byteCount > request.outputBytesMax) cut("too-large");
      else chunks.push(chunk);
    };
    child.stdout.on("data", keepIn(stdout));
    child.stderr.on("data", keepIn(stderr));
    child.once("error", () => clearTimeout(timer));
    child.once("close", (exitCode, signal) => {
      clearTimeout(timer);
      clearTimeout(stuckTimer);
      if (isGivenUp) return request.onGone?.();
      if (cutShort === "timed-out") return resolve({ kind: "timed-out", isStuck: false });
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
  } catch {
    // ESRCH: all of it has ended already. EPERM: it is another user's now, and counts as stuck.
  }
}
