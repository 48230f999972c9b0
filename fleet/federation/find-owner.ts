import type { Static, TSchema } from "typebox";
import { nearestNames } from "#fleet/api/near-names.ts";
import { ApiError } from "#fleet/api/problems.ts";
import type { StaleCell } from "#fleet/api/cell-schemas.ts";
import { CellError } from "./cell-door.ts";
import type { Federation } from "./federation.ts";
import { relayProblem, silentProblem } from "./relay.ts";
import type { CellWatch } from "./watch-cell.ts";

export interface Owned<Value> {
  readonly value: Value;
  readonly cell: CellWatch;
  /** The owner, where the answer is what is kept of it; else those that were not asked in vain. */
  readonly stale: readonly StaleCell[];
}

/**
 * Asks the one cell that has a thing. Where nothing kept tells which, all that are heard are asked.
 * Throws ApiError: `cells-conflict` where two have it; `cell-silent` where its cell does not answer,
 * or nobody knows it and one is silent; what the cell says where it refuses.
 */
export async function askOwner<Schema extends TSchema>(
  federation: Federation,
  ask: {
    /** As in `host "web-1"`, for refusals. */
    readonly what: string;
    readonly path: string;
    readonly schema: Schema;
    /** Cells that are known to have it. */
    readonly owners: readonly CellWatch[];
    readonly fromKept?: (cell: CellWatch) => Static<Schema> | null;
  },
): Promise<Owned<Static<Schema>>> {
  const { owners, what } = ask;
  refuseConflict(what, owners);
  const [owner] = owners;
  if (owner !== undefined) {
    const told = await askOne(federation, owner, ask);
    if (told !== "unknown") return told;
  }
  // It may have been added, moved or renamed since the cells were read.
  const others = federation.cells.filter(
    (cell) => cell !== owner && cell.state().kind === "connected",
  );
  const answers = await Promise.all(
    others.map(async (cell) => {
      try {
        return { cell, value: await cell.ask(ask.path, ask.schema), error: null };
      } catch (error) {
        if (error instanceof CellError) return { cell, value: null, error };
        throw error;
      }
    }),
  );
  const found = answers.filter(({ error }) => error === null);
  refuseConflict(
    what,
    found.map(({ cell }) => cell),
  );
  const [only] = found;
  if (only !== undefined)
    return { value: only.value as Static<Schema>, cell: only.cell, stale: federation.stale() };
  for (const { cell, error } of answers)
    if (error !== null && error.kind === "refused" && error.status !== 404)
      throw relayProblem(error, { name: cell.name() });
  const unheard = answers.find(({ error }) => error !== null && error.kind !== "refused");
  if (unheard?.error != null)
    throw new ApiError(
      "cell-silent",
      `no cell that answers knows ${what}; cell ${unheard.cell.name()}: ${unheard.error.message}`,
    );
  const stale = federation.stale();
  if (stale.length > 0) throw silentProblem(`no cell that answers knows ${what}`, stale);
  throw unknownProblem(federation, ask, answers[0]?.error ?? null);
}

async function askOne<Schema extends TSchema>(
  federation: Federation,
  owner: CellWatch,
  ask: {
    readonly what: string;
    readonly path: string;
    readonly schema: Schema;
    readonly fromKept?: (cell: CellWatch) => Static<Schema> | null;
  },
): Promise<Owned<Static<Schema>> | "unknown"> {
  let refused: CellError | null = null;
  const { heard, stale } = await federation.gather(
    [owner],
    async (cell): Promise<Static<Schema> | null> => {
      try {
        return await cell.ask(ask.path, ask.schema);
      } catch (error) {
        if (!(error instanceof CellError) || error.kind !== "refused") throw error;
        refused = error;
        return null;
      }
    },
    () => ask.fromKept?.(owner) ?? null,
  );
  const error = refused as CellError | null;
  if (error !== null) {
    if (error.status === 404 && !isAboutPart(error)) return "unknown";
    throw relayProblem(error, { name: owner.name() });
  }
  const value = heard[0]?.value;
  if (value !== undefined && value !== null) return { value, cell: owner, stale };
  throw silentProblem(`${ask.what} is in cell ${owner.name()}, and of this nothing is kept`, stale);
}

/** The host is there, but what is asked of it is not, yet. */
function isAboutPart({ problem }: CellError): boolean {
  return (
    typeof problem === "object" &&
    problem !== null &&
    Reflect.get(problem, "code") === "nothing-yet"
  );
}

function refuseConflict(what: string, owners: readonly CellWatch[]): void {
  const [first, second] = owners;
  if (first === undefined || second === undefined) return;
  const where = owners.map((cell) => `${cell.name()} (${cell.url})`).join(" and ");
  throw new ApiError("cells-conflict", `${what} is in more than one cell: ${where}`, {
    hint: "ask with its id, or ask the cell itself; `wws-fleet cell list` shows what two cells claim",
  });
}

function unknownProblem(
  federation: Federation,
  { what, path }: { readonly what: string; readonly path: string },
  error: CellError | null,
): ApiError {
  if (error !== null && !path.startsWith("/api/v1/hosts/"))
    return relayProblem(error, { name: "any" });
  const wanted = decodeURIComponent(path.split("?")[0]?.split("/")[4] ?? "");
  const names = federation.cells.flatMap((cell) =>
    (cell.kept()?.hosts ?? []).map((host) => host.name),
  );
  const near = nearestNames(wanted, names);
  return new ApiError("host-unknown", `no cell has ${what}`, {
    ...(near.length === 0 ? {} : { hint: `did you mean ${near.join(" or ")}?` }),
  });
}
