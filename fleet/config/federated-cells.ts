import { parseCellId } from "#proto/vocabulary/ids.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { ConfigProblem, FederatedCell, FleetConfig } from "./fleet-config.ts";

const cellsMax = 16;
const known = ["url", "name", "token_file", "ca_file"];

/**
 * `URL,URL` from the flag or the environment, or the file's tables. Fails with what it must be; a
 * secret in an address is refused without being repeated.
 */
export function parseFederatedCells(value: unknown): Result<readonly FederatedCell[], string> {
  const list: unknown =
    typeof value === "string" ? value.split(",").map((url) => ({ url: url.trim() })) : value;
  if (!Array.isArray(list) || list.length === 0 || list.length > cellsMax)
    return fail(`1 to ${cellsMax} cells, each with a url`);
  const cells: FederatedCell[] = [];
  for (const entry of list as unknown[]) {
    const cell = parseCell(entry);
    if (!cell.ok) return cell;
    if (cells.some(({ url }) => url === cell.value.url))
      return fail(`cells of different addresses: ${cell.value.url} stands there twice`);
    cells.push(cell.value);
  }
  return ok(cells);
}

function parseCell(entry: unknown): Result<FederatedCell, string> {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry))
    return fail("a list of tables: [[federation.cells]]");
  const strange = Object.keys(entry).find((key) => !known.includes(key));
  if (strange !== undefined)
    return fail(`tables with ${known.join(", ")}; there is no ${strange.slice(0, 40)}`);
  const url = parseUrl(Reflect.get(entry, "url"));
  if (!url.ok) return url;
  const texts: (string | null)[] = [];
  for (const key of ["name", "token_file", "ca_file"]) {
    const text: unknown = Reflect.get(entry, key) ?? null;
    if (text !== null && (typeof text !== "string" || text.length === 0 || text.length > 4_096))
      return fail(`tables in which ${key} is a text`);
    texts.push(text);
  }
  const [name = null, tokenFile = null, caFile = null] = texts;
  if (name !== null && !parseCellId(name).ok)
    return fail("tables in which name is a cell's: lower-case letters, digits and -");
  return ok({ url: url.value, name, tokenFile, caFile });
}

function parseUrl(value: unknown): Result<string, string> {
  const url = typeof value === "string" ? URL.parse(value) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    return fail("addresses of managers' consoles, as in https://fleet.eu.example.net:7600");
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    return fail("addresses without names, passwords or tokens: those go into a file of mode 0600");
  if (url.pathname !== "/") return fail(`an address without a path: ${url.origin}`);
  return ok(url.origin);
}

/** What a federation cannot be beside a federation. */
export function federationContradictions(config: FleetConfig): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const add = (detail: string, hint: string): void => {
    problems.push({ kind: "contradiction", where: "federation.cells", detail, hint });
  };
  const { address, port, names } = config.console;
  for (const { url } of config.federation?.cells ?? []) {
    const { protocol, hostname, port: urlPort } = new URL(url);
    const asked = Number(urlPort === "" ? (protocol === "https:" ? 443 : 80) : urlPort);
    const isHere = [address, "localhost", "127.0.0.1", "[::1]", ...names].includes(hostname);
    if (isHere && asked === port)
      add(
        `${url} is this very process`,
        "name the cells' consoles, and give the federation a port of its own (WWS_PORT)",
      );
    if (protocol === "http:" && !isLoopbackName(hostname))
      add(
        `${url} is plain HTTP to another machine: the token would go there unencrypted`,
        "give the cell's console a certificate and name it with https://",
      );
  }
  if (config.databaseUrl !== null)
    add(
      "a federation keeps its people and sessions in its own data folder, and database_url is set",
      "leave database_url (WWS_DATABASE_URL) out: it is the store of a cell",
    );
  if (config.withThisMachine)
    add("a federation has no hosts of its own, and with_this_machine is set", "leave it out");
  return problems;
}

function isLoopbackName(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\./.test(hostname);
}
