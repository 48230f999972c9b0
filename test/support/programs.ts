import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach } from "vitest";

export const repositoryRoot = dirname(dirname(import.meta.dirname));

/** Programs are started hundreds of times: what Node made of their sources is made once. */
const compiledFolder = join(repositoryRoot, "node_modules/.cache/wws-programs");

/** A program of ours in a process of its own, on the Node that runs the test. */
export interface Program {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  readonly exited: Promise<ProgramEnd>;
  kill(signal: NodeJS.Signals): void;
}

export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Bench {
  /** A fresh folder; gone after the test. */
  folder(): string;
  start(script: string, args: readonly string[], env?: NodeJS.ProcessEnv): Program;
  run(script: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<ProgramEnd>;
  /** First of two neighbouring ports that nobody has. */
  freePort(): Promise<number>;
}

/** Real processes for one test file; what is left of them ends after each test, or after all. */
export function createBench(until: "each" | "all" = "each"): Bench {
  const folders: string[] = [];
  const programs: Program[] = [];
  const atEnd = until === "each" ? afterEach : afterAll;
  atEnd(async () => {
    for (const program of programs.splice(0)) {
      program.kill("SIGTERM");
      const isGone = await Promise.race([program.exited.then(() => true), after(8_000)]);
      if (isGone !== true) program.kill("SIGKILL");
      await program.exited;
    }
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  const start: Bench["start"] = (script, args, env = {}) => {
    const program = startProgram(script, args, env);
    programs.push(program);
    return program;
  };
  return {
    folder: () => {
      const folder = mkdtempSync(join(tmpdir(), "wws-end-to-end-"));
      folders.push(folder);
      return folder;
    },
    start,
    run: (script, args, env) => start(script, args, env).exited,
    freePort,
  };
}

function startProgram(script: string, args: readonly string[], env: NodeJS.ProcessEnv): Program {
  const child: ChildProcess = spawn(process.execPath, [join(repositoryRoot, script), ...args], {
    cwd: repositoryRoot,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...plainEnvironment(), NODE_COMPILE_CACHE: compiledFolder, ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString("utf8");
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  return {
    pid: child.pid ?? -1,
    stdout: () => stdout,
    stderr: () => stderr,
    exited: new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
    }),
    kill: (signal) => void child.kill(signal),
  };
}

/** Ours without what the person who runs the tests has set for a manager of their own. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith("WWS_") && !name.startsWith("VITEST") && name !== "NODE_OPTIONS",
    ),
  );
}

/** Asks again until the answer is not undefined; an error that says what was seen last. */
export async function until<Value>(
  what: string,
  probe: () => Promise<Value | undefined> | Value | undefined,
  withinMs = 60_000,
): Promise<Value> {
  const endMs = performance.now() + withinMs;
  let seen: unknown = "nothing";
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined) return value;
    } catch (error) {
      seen = error;
    }
    if (performance.now() > endMs)
      throw new Error(`${what}: not within ${withinMs} ms`, { cause: seen });
    await after(50);
  }
}

export function readJsonFile(path: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (typeof value !== "object" || value === null) throw new Error(`${path} holds no object`);
  return value as Readonly<Record<string, unknown>>;
}

/** Processes whose parent is `pid`, with their command lines (proc(5)). */
export function childrenOf(
  pid: number,
): readonly { readonly pid: number; readonly command: string }[] {
  const text = readText(`/proc/${pid}/task/${pid}/children`);
  return text
    .split(" ")
    .filter((word) => word.trim() !== "")
    .map((word) => ({
      pid: Number(word),
      command: readText(`/proc/${word.trim()}/cmdline`).replaceAll("\0", " "),
    }));
}

export function isAlive(pid: number): boolean {
  // A zombie has ended; only its parent has not looked yet.
  return /^State:\s+[^ZX]/m.test(readText(`/proc/${pid}/status`));
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/**
 * Below the ports that the kernel gives to connections (ip(7), from 32,768): none of those may sit on
 * it while a manager that was killed is away.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const first = 2 * randomInt(6_000, 16_000);
    if ((await listenOnce(first)) !== null && (await listenOnce(first + 1)) !== null) return first;
  }
}

/** null: somebody has that port. */
function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const found = typeof address === "object" && address !== null ? address.port : null;
      server.close(() => resolve(found));
    });
  });
}

function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
