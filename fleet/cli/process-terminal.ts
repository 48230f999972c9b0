import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { LocalCommands, Outlet, Terminal } from "./terminal.ts";

/**
 * The terminal this process was started in. The first Ctrl-C ends the command in hand, with its
 * message; a second one ends the process. A reader that has read enough (`| head`) is no error.
 */
export function openProcessTerminal(effects: {
  readonly clock: Clock;
  readonly local: LocalCommands;
}): Terminal {
  const interruption = new AbortController();
  process.once("SIGINT", () => interruption.abort(new Error("interrupted")));
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
  return {
    stdout: outlet(process.stdout),
    stderr: outlet(process.stderr),
    env: process.env,
    folder: process.cwd(),
    signal: interruption.signal,
    clock: effects.clock,
    fetch,
    newKey: () => randomUUID(),
    ask: process.stdin.isTTY ? (question) => askPerson(question, interruption.signal) : null,
    askSecret: process.stdin.isTTY ? (question) => askSecret(question, interruption.signal) : null,
    local: effects.local,
  };
}

function outlet(stream: NodeJS.WriteStream): Outlet {
  return {
    write: (text) => {
      stream.write(text);
    },
    writeBytes: (bytes) => {
      stream.write(bytes);
    },
    isTerminal: stream.isTTY === true,
  };
}

async function askPerson(question: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question, { signal });
  } finally {
    lines.close();
  }
}

/** readline echoes what is typed into its output: here that is nowhere. */
async function askSecret(question: string, signal: AbortSignal): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  // In this mode Ctrl-C is a key, not a signal: it is made one again.
  lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    return await lines.question("", { signal });
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}
