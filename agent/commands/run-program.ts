import { spawn } from "node:child_process";

export interface ProgramRequest {
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  /** Given on standard input, which is then closed. */
  readonly input: string;
  readonly timeoutMs: number;
  /** Of standard output and standard error together. */
  readonly outputBytesMax: number;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | null;
}

export type ProgramEnd =
  | { readonly kind: "exited"; readonly code: number; readonly out: string; readonly err: string }
  /** In words: was late, said too much, was ended by SIGKILL, is not there. */
  | { readonly kind: "failed"; readonly words: string };

/** From the program's own end until what it left behind is killed, and what it left open closed. */
const drainMs = 250;

/**
 * Runs a program without a shell, as leader of a process group of its own. When it ends, is late,
 * talks too much or is aborted, the whole group is killed: what shall outlive it has to leave the
 * group before (`setsid`, `systemd-run`). Never rejects.
 */
export function runProgram(request: ProgramRequest): Promise<ProgramEnd> {
  const { program, args, input, timeoutMs, outputBytesMax, env, signal } = request;
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve({ kind: "failed", words: "was called off" });
    let child: ReturnType<typeof start>;
    try {
      child = start(program, args, env);
    } catch (error) {
      return resolve({ kind: "failed", words: wordsOf(error) });
    }
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let bytes = 0;
    let cut: string | null = null;
    let timer: NodeJS.Timeout | undefined;
    let code: number | null = null;
    let endedBy: string | null = null;
    let isGroupLeft = false;

    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      if (isGroupLeft) killGroup(child.pid);
      child.stdout?.destroy();
      child.stderr?.destroy();
      if (cut !== null) resolve({ kind: "failed", words: cut });
      else if (code === null)
        resolve({ kind: "failed", words: `was ended by ${endedBy ?? "nobody knows what"}` });
      else {
        const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString("utf8");
        resolve({ kind: "exited", code, out: text(out), err: text(err) });
      }
    };
    const stop = (words: string): void => {
      if (cut !== null) return;
      cut = words;
      killGroup(child.pid);
      // One that the kernel holds outlives SIGKILL: it is left behind.
      clearTimeout(timer);
      timer = setTimeout(settle, drainMs * 4);
    };
    const onAbort = (): void => stop("was called off");
    signal?.addEventListener("abort", onAbort, { once: true });
    timer = setTimeout(() => stop(`gave no answer within ${timeoutMs / 1_000} s`), timeoutMs);

    const keepIn = (chunks: Buffer[]) => (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > outputBytesMax) stop(`printed more than ${outputBytesMax} bytes`);
      else chunks.push(chunk);
    };
    child.stdout?.on("data", keepIn(out));
    child.stderr?.on("data", keepIn(err));
    child.once("error", (error) => {
      cut ??= wordsOf(error);
      settle();
    });
    child.once("exit", (exitCode, exitSignal) => {
      code = exitCode;
      endedBy = exitSignal;
      // What it started has a moment to leave the group, or to say its last word.
      isGroupLeft = isGroupThere(child.pid);
      clearTimeout(timer);
      timer = setTimeout(settle, drainMs);
    });
    child.once("close", () => {
      if (!isGroupLeft || cut !== null) settle();
    });
    // A program that does not read its input ends the pipe; that is its own business.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

function start(program: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  return spawn(program, [...args], {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...env },
    cwd: "/",
  });
}

/** Its number is nobody else's while one of the group lives. */
function isGroupThere(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // ESRCH: all of it has ended. EPERM: none of it is ours any more.
  }
}

function wordsOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code === "" ? `could not be started: ${String(error)}` : `could not be started (${code})`;
}
