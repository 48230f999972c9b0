import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { openBoundedLog } from "./bounded-log.ts";
import { readableLines } from "./log-lines.ts";

export interface ChildSpec {
  /** What people call it: `manager`. */
  readonly name: string;
  /** Absolute path of its TypeScript. */
  readonly script: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Its output is added here; never on the terminal. */
  readonly logFile: string;
}

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** One program of ours, in a process of its own. */
export interface ChildProgram {
  readonly name: string;
  readonly pid: number | undefined;
  readonly exited: Promise<ChildEnd>;
  onMessage(listener: (message: unknown) => void): void;
  send(message: object): void;
  /** SIGTERM; SIGKILL when it is still there after `graceMs`. */
  stop(graceMs: number): Promise<ChildEnd>;
  kill(): void;
  /** The last lines of this run, as people read them. */
  tail(): readonly string[];
}

/**
 * Our programs share a machine that people work at. Left alone, V8 lets a heap grow to several times
 * what lives in it where there is much memory: 0.8 GiB for 0.24 in the demo's simulated hosts
 * (docs/limits.md). So it collects after half as much again.
 */
const nodeFlags = ["--heap-growing-percent=50"] as const;

/**
 * Starts a program on the Node that runs us. It leads a process group of its own, so that Ctrl-C
 * reaches only us and we say who stops when; it ends by itself when the channel to us is gone.
 */
export function startChild(spec: ChildSpec, clock: Clock): ChildProgram {
  const log = openBoundedLog(spec.logFile, clock);
  const child = spawn(process.execPath, [...nodeFlags, spec.script, ...spec.args], {
    stdio: ["ignore", log.file, log.file, "ipc"],
    env: spec.env,
    detached: true,
  });
  const exited = endOf(child);
  const tail = (): readonly string[] => readableLines(log.tail());
  let lastWords: readonly string[] | null = null;
  void exited.then(() => {
    lastWords = tail();
    log.close();
  });
  return {
    name: spec.name,
    pid: child.pid,
    exited,
    onMessage: (listener) => void child.on("message", listener),
    send: (message) => {
      if (child.connected) child.send(message, ignoreClosedChannel);
    },
    stop: async (graceMs) => {
      child.kill("SIGTERM");
      const cancel = clock.after(graceMs, () => child.kill("SIGKILL"));
      const end = await exited;
      cancel();
      return end;
    },
    kill: () => void child.kill("SIGKILL"),
    tail: () => lastWords ?? tail(),
  };
}

/** The channel closes when the child ends, which is told by `exited`. */
function ignoreClosedChannel(): void {}

async function endOf(child: ChildProcess): Promise<ChildEnd> {
  try {
    const [code, signal]: unknown[] = await once(child, "exit");
    return {
      code: typeof code === "number" ? code : null,
      signal: typeof signal === "string" ? signal : null,
    };
  } catch {
    // It was never started: the system has no process or memory left.
    return { code: null, signal: "not started" };
  }
}
