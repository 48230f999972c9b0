import { fail, ok, type Result } from "#proto/vocabulary/result.ts";

/** Where a manager's door for agents is. */
export interface ManagerAddress {
  /** Name or address; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
}

export const agentsPort = 7601;
export const sessionPath = "/agent/v1";
export const enrolPath = "/agent/v1/enrol";

/**
 * `host`, `host:port`, `[address]:port`, or the same as a URL of scheme wss or https without a path
 * of its own. The problem is one sentence.
 */
export function parseManagerAddress(text: string): Result<ManagerAddress, string> {
  const trimmed = text.trim();
  const wrong = (why: string) =>
    fail(`"${trimmed.slice(0, 120)}" is no manager's address: ${why}; write HOST:PORT`);
  const withScheme = trimmed.includes("://") ? trimmed : `wss://${trimmed}`;
  // https and wss have a default port that URL leaves out; ours is another.
  if (!/^(wss|https):\/\//.test(withScheme)) return wrong("only wss:// and https:// are spoken");
  if (!URL.canParse(withScheme)) return wrong("it cannot be read");
  const url = new URL(withScheme);
  if (url.hostname === "") return wrong("it names no host");
  if (url.username !== "" || url.password !== "") return wrong("it holds a user or password");
  if (url.search !== "" || url.hash !== "") return wrong("it has a query");
  if (!["", "/", sessionPath, enrolPath].includes(url.pathname)) return wrong("it has a path");
  const port = url.port === "" ? portWritten(withScheme) : Number(url.port);
  return ok({ host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port });
}

export function formatManagerAddress({ host, port }: ManagerAddress): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** `manager` as `formatManagerAddress` writes it. */
export function managerUrl(manager: string, path: string): string {
  return `wss://${manager}${path}`;
}

/** 443 written out is left out by URL; nothing written at all means our own port. */
function portWritten(url: string): number {
  return /^[a-z]+:\/\/[^/]*:443(\/|$)/.test(url) ? 443 : agentsPort;
}
