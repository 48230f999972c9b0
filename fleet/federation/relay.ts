import { ApiError, type ProblemCode, problems } from "#fleet/api/problems.ts";
import { problemSchema } from "#fleet/api/problem-schema.ts";
import { Value } from "typebox/value";
import type { StaleCell } from "#fleet/api/cell-schemas.ts";
import type { CellError } from "./cell-door.ts";
import { federationLimits } from "./federation-limits.ts";

/** What a cell refused, in its own words and with its code; silence as `cell-silent`. */
export function relayProblem(error: CellError, cell: { readonly name: string }): ApiError {
  const { problem } = error;
  if (error.kind !== "refused" || !Value.Check(problemSchema, problem) || !isCode(problem.code))
    return new ApiError("cell-silent", `cell ${cell.name}: ${error.message}`);
  // Whether this process is let in there is its own matter, not the asker's.
  if (problem.status === 401 || problem.status === 403)
    return new ApiError("cell-silent", `cell ${cell.name}: ${error.message}`);
  const clip = (text: string): string => text.slice(0, federationLimits.wordsMax * 2);
  return new ApiError(problem.code, clip(problem.detail), {
    hint: clip(problem.hint),
    cause: error,
  });
}

/** Whether the question was wrong, and not the cell. */
export function isAskersFault({ kind, status, problem }: CellError): boolean {
  if (kind !== "refused") return false;
  const isPastUnknown =
    typeof problem === "object" &&
    problem !== null &&
    Reflect.get(problem, "code") === ("past-unknown" satisfies ProblemCode);
  return status === 400 || isPastUnknown;
}

/** What nobody could answer, because of those that are silent. */
export function silentProblem(what: string, stale: readonly StaleCell[]): ApiError {
  const cells = stale.map((cell) => `${cell.name} (${cell.url}): ${cell.why}`).join("; ");
  return new ApiError("cell-silent", `${what}; silent now: ${cells}`.slice(0, 1_000));
}

export function writeQuery(
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`;
}

function isCode(code: string): code is ProblemCode {
  return Object.hasOwn(problems, code);
}
