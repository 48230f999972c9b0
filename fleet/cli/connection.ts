import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ApiClient, createApiClient } from "#fleet/api/client.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { createStaleNote } from "./stale-note.ts";
import type { Terminal } from "./terminal.ts";

/** Which manager to ask, as whom, and how that is known. */
export interface Connection {
  readonly url: string;
  readonly urlFrom: string;
  readonly token: string | null;
  readonly tokenFrom: string;
}

const usualUrl = "http://127.0.0.1:7600";

/**
 * WWS_URL and WWS_TOKEN, else `cli.json` in WWS_DATA or ./data. A token out of that file goes only
 * to the manager the file names: another address may be somebody else's.
 */
export async function findConnection(terminal: Terminal): Promise<Connection> {
  const { env } = terminal;
  const path = join(env["WWS_DATA"] ?? join(terminal.folder, "data"), "cli.json");
  const file = await readCliFile(path);
  const url = checkUrl(env["WWS_URL"] ?? file?.url ?? usualUrl);
  const urlFrom =
    env["WWS_URL"] !== undefined
      ? "from WWS_URL"
      : file === undefined
        ? `the usual one; there is no ${path}`
        : `from ${path}`;
  if (env["WWS_TOKEN"] !== undefined) {
    return { url, urlFrom, token: env["WWS_TOKEN"], tokenFrom: "from WWS_TOKEN" };
  }
  if (file !== undefined && checkUrl(file.url) === url) {
    return { url, urlFrom, token: file.token, tokenFrom: `from ${path}` };
  }
  return { url, urlFrom, token: null, tokenFrom: `neither WWS_TOKEN nor ${path} gives one for it` };
}

export function openConnection(terminal: Terminal, connection: Connection): ApiClient {
  return createApiClient({
    onStale: createStaleNote(terminal),
    fetch: terminal.fetch,
    signal: terminal.signal,
    url: connection.url,
    token: connection.token,
  });
}

async function readCliFile(
  path: string,
): Promise<{ readonly url: string; readonly token: string } | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(exitCodes.failed, `cannot read ${path}: ${words}`);
  }
  const value = parseJson(text);
  if (typeof value === "object" && value !== null && "url" in value && "token" in value) {
    const { url, token } = value;
    if (typeof url === "string" && typeof token === "string") return { url, token };
  }
  throw new CommandError(
    exitCodes.failed,
    `${path} holds no {"url", "token"}`,
    "remove it; `npm start` writes it anew, or set WWS_URL and WWS_TOKEN",
  );
}

function checkUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new CommandError(
      exitCodes.usage,
      `"${text}" is no address of a manager`,
      "write WWS_URL as in http://127.0.0.1:7600",
    );
  }
  return url.origin;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
