import { readFileSync, statSync } from "node:fs";
import type { ConfigProblem, FederatedCell, FleetConfig } from "#fleet/config/fleet-config.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";

/** A cell with what is needed to ask it. */
export interface CellAccess {
  readonly url: string;
  readonly name: string | null;
  readonly token: string;
  /** PEM; null: the system's list. */
  readonly ca: string | null;
}

const tokenForm = /^[A-Za-z0-9._~+/=-]{16,512}$/;
const fileBytesMax = 64 * 1024;

/**
 * Reads the tokens and certificates of the cells. A file of tokens that others may read is refused.
 * Everything that is wrong is told at once; no token is ever repeated.
 */
export function readCellAccess(
  federation: NonNullable<FleetConfig["federation"]>,
): Result<readonly CellAccess[], readonly ConfigProblem[]> {
  const problems: ConfigProblem[] = [];
  const wrong = (where: string, detail: string, hint: string): null => {
    problems.push({ kind: "bad-value", where, detail, hint });
    return null;
  };
  const shared =
    federation.tokensFile === null ? new Map() : readTokens(federation.tokensFile, wrong);
  const access = federation.cells.map((cell): CellAccess | null => {
    const token =
      cell.tokenFile === null
        ? (shared?.get(cell.url) ?? null)
        : (readSecret(cell.tokenFile, wrong)?.trim() ?? null);
    const caFile = cell.caFile ?? federation.caFile;
    const ca = caFile === null ? null : readAuthority(caFile, wrong);
    if (token === null) {
      if (cell.tokenFile === null && shared !== null) missing(cell, federation.tokensFile, wrong);
      return null;
    }
    if (!tokenForm.test(token))
      return wrong(cell.tokenFile ?? "", "it holds no token", "it must hold the token and no more");
    return { url: cell.url, name: cell.name, token, ca };
  });
  if (problems.length > 0) return fail(problems);
  return ok(access.filter((one) => one !== null));
}

type Wrong = (where: string, detail: string, hint: string) => null;

function missing(cell: FederatedCell, file: string | null, wrong: Wrong): void {
  wrong(
    file ?? "federation.cells",
    `there is no token for ${cell.url}`,
    file === null
      ? "name a file of lines `URL TOKEN`, mode 0600, in WWS_FEDERATE_TOKENS (federation.tokens_file), or a token_file for the cell"
      : `add the line: ${cell.url} TOKEN`,
  );
}

function readTokens(path: string, wrong: Wrong): ReadonlyMap<string, string> | null {
  const text = readSecret(path, wrong);
  if (text === null) return null;
  const tokens = new Map<string, string>();
  for (const [index, line] of text.split("\n").entries()) {
    const words = line.trim().split(/\s+/);
    if (line.trim() === "" || line.trim().startsWith("#")) continue;
    const [url = "", token = ""] = words;
    const origin = URL.parse(url)?.origin;
    if (words.length !== 2 || origin === undefined || !tokenForm.test(token))
      return wrong(path, `line ${index + 1} is no address with its token`, "write: URL TOKEN");
    tokens.set(origin, token);
  }
  return tokens;
}

function readSecret(path: string, wrong: Wrong): string | null {
  try {
    const { mode, size } = statSync(path);
    if ((mode & 0o077) !== 0)
      return wrong(
        path,
        `others may read it (mode ${(mode & 0o777).toString(8)})`,
        `it holds tokens: chmod 600 ${path}`,
      );
    if (size > fileBytesMax) return wrong(path, "it is too large for tokens", "name another file");
    return readFileSync(path, "utf8");
  } catch (error) {
    return wrong(path, messageOf(error), "it must be there, and readable for this user");
  }
}

function readAuthority(path: string, wrong: Wrong): string | null {
  try {
    const text = readFileSync(path, "utf8");
    if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
    return wrong(path, "it holds no certificate", "it must be PEM");
  } catch (error) {
    return wrong(path, messageOf(error), "it must be there, and readable for this user");
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
