import { randomUUID } from "node:crypto";
import type { Api } from "#fleet/api/api-server.ts";
import { staleHeader } from "#fleet/api/cell-schemas.ts";
import { runCommandLine } from "#fleet/cli/command-line.ts";
import type { Terminal } from "#fleet/cli/terminal.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";

/** What a command printed and how it ended. */
export interface Transcript {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A terminal that keeps what is written; nobody looks at it, and nobody is there to be asked. */
export function createTestTerminal(
  clock: Clock,
  differs: Partial<Terminal> = {},
): { readonly terminal: Terminal; readonly stdout: () => string; readonly stderr: () => string } {
  const written = { stdout: "", stderr: "" };
  const terminal: Terminal = {
    stdout: {
      write: (text) => {
        written.stdout += text;
      },
      isTerminal: false,
    },
    stderr: {
      write: (text) => {
        written.stderr += text;
      },
      isTerminal: false,
    },
    env: {},
    folder: "/nowhere",
    signal: new AbortController().signal,
    clock,
    fetch: async () => {
      throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
    },
    newKey: randomUUID,
    ask: null,
    local: {},
    ...differs,
  };
  return { terminal, stdout: () => written.stdout, stderr: () => written.stderr };
}

/** Runs a command against an API in this process. */
export async function runCommand(
  world: { readonly api: Api; readonly clock: Clock; readonly token: string },
  argv: readonly string[],
  differs: Partial<Terminal> = {},
): Promise<Transcript> {
  const { terminal, stdout, stderr } = createTestTerminal(world.clock, {
    env: { WWS_URL: "http://127.0.0.1:7600", WWS_TOKEN: world.token },
    fetch: fetchFrom(world.api),
    ...differs,
  });
  const exitCode = await runCommandLine(argv, terminal);
  return { exitCode, stdout: stdout(), stderr: stderr() };
}

/** `fetch` that asks the API without a socket. */
export function fetchFrom(api: Api): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = Object.fromEntries(new Headers(init?.headers));
    const body = typeof init?.body === "string" ? { payload: init.body } : {};
    const answer = await api.inject({
      method: init?.method === "POST" || init?.method === "DELETE" ? init.method : "GET",
      url: url.pathname + url.search,
      headers: { host: url.host, ...headers },
      ...body,
    });
    const text = answer.statusCode === 204 ? null : answer.body;
    const type = String(answer.headers["content-type"] ?? "");
    const stale = answer.headers[staleHeader];
    return new Response(text, {
      status: answer.statusCode,
      headers: {
        "content-type": type,
        ...(stale === undefined ? {} : { [staleHeader]: String(stale) }),
      },
    });
  };
}
