import { ApiError } from "#fleet/api/problems.ts";
import { operationSchema } from "#fleet/api/operation-schemas.ts";
import { planSchema } from "#fleet/api/plan-schemas.ts";
import { CellError } from "./cell-door.ts";
import { commandFor } from "./cell-commands.ts";
import type { Federation } from "./federation.ts";
import { readMatch } from "./merge-hosts.ts";
import type { CellWatch } from "./watch-cell.ts";

/** A change that somebody asked of the federation. */
export interface AskedWrite {
  readonly method: string;
  /** As the route has it: `/api/v1/operations/:id/pause`. */
  readonly route: string;
  readonly id: string | null;
  readonly body: unknown;
}

/**
 * Every change is refused: it belongs to the cell that has the thing. The refusal names that cell's
 * address and the command to use there; where no cell is known to have it, all of them.
 */
export async function refuseWrite(federation: Federation, asked: AskedWrite): Promise<ApiError> {
  const owners = await findOwners(federation, asked);
  const cells = owners.length > 0 ? owners : federation.cells;
  const commands = cells.map((cell) => `WWS_URL=${cell.url} ${commandFor(asked)}`);
  const where = cells.map((cell) => `${cell.name()} at ${cell.url}`).join(", ");
  const which =
    owners.length === 1
      ? `cell ${where}`
      : owners.length > 1
        ? `cells ${where}`
        : `one of ${where}`;
  return new ApiError(
    "federation-reads-only",
    `this is a view over ${federation.cells.length} cells and changes nothing; this belongs to ${which}`,
    { hint: `with a token of that cell in WWS_TOKEN: ${commands.join("  or  ")}` },
  );
}

async function findOwners(
  federation: Federation,
  { route, id, body }: AskedWrite,
): Promise<readonly CellWatch[]> {
  if (id !== null && route.startsWith("/api/v1/hosts/")) return ownersOf(federation, id);
  if (id !== null && route.startsWith("/api/v1/plans/"))
    return whoKnows(federation, (cell) =>
      cell.ask(`/api/v1/plans/${encodeURIComponent(id)}`, planSchema),
    );
  if (id !== null && route.startsWith("/api/v1/operations/"))
    return whoKnows(federation, (cell) =>
      cell.ask(`/api/v1/operations/${encodeURIComponent(id)}`, operationSchema),
    );
  if (id !== null)
    return federation.cells.filter((cell) =>
      (cell.kept()?.hosts ?? []).some(
        (host) =>
          host.holds.some((hold) => hold.id === id) || host.leases.some((one) => one.id === id),
      ),
    );
  const host = textOf(body, "host");
  if (host !== null) return ownersOf(federation, host);
  const selector = textOf(body, "selector");
  if (selector === null) return [];
  const isMatch = readMatch({ selector });
  return federation.cells.filter((cell) => (cell.kept()?.hosts ?? []).some(isMatch));
}

function ownersOf(federation: Federation, idOrName: string): readonly CellWatch[] {
  return [...new Set(federation.findKept(idOrName).map(({ cell }) => cell))];
}

async function whoKnows(
  federation: Federation,
  ask: (cell: CellWatch) => Promise<unknown>,
): Promise<readonly CellWatch[]> {
  const connected = federation.cells.filter((cell) => cell.state().kind === "connected");
  const knows = await Promise.all(
    connected.map(async (cell) => {
      try {
        await ask(cell);
        return true;
      } catch (error) {
        if (error instanceof CellError) return false;
        throw error;
      }
    }),
  );
  return connected.filter((_cell, index) => knows[index]);
}

export function textOf(body: unknown, name: string): string | null {
  const value: unknown = typeof body === "object" && body !== null ? Reflect.get(body, name) : null;
  return typeof value === "string" && value.length > 0 && value.length <= 4_096 ? value : null;
}
