import type { TSchema } from "typebox";
import { Compile, type Validator } from "typebox/compile";
import type { Static } from "typebox";
import { parseJsonBody } from "#fleet/api/json-body.ts";
import { type Clock, sleep } from "#proto/vocabulary/clock.ts";
import { type CellDoor, CellError } from "./cell-door.ts";
import { federationLimits } from "./federation-limits.ts";

/** Asks one cell: in time, not too much at once, and believes only what has the right shape. */
export interface CellAsker {
  /** `path` from the root, with its query. Rejects with CellError. */
  json<Schema extends TSchema>(
    path: string,
    schema: Schema,
    msMax: number,
  ): Promise<Static<Schema>>;
}

export function createCellAsker(effects: {
  readonly url: string;
  readonly door: CellDoor;
  readonly clock: Clock;
  /** Ends everything that is under way. */
  readonly signal: AbortSignal;
}): CellAsker {
  const { url, door, clock } = effects;
  const turn = createTurns(url);
  return {
    async json(path, schema, msMax) {
      const answer = await inTime(effects, msMax, (signal) =>
        turn(() => door.get(path, { bytesMax: federationLimits.answerBytesMax, signal }), signal),
      );
      if (answer.status !== 200) throw refusal(url, path, answer.status, answer.body);
      const value = parseJson(answer.body);
      const check = validatorOf(schema);
      if (!check.Check(value)) {
        const where = [...check.Errors(value)][0]?.instancePath ?? "";
        throw new CellError(
          "foreign",
          `${url} answered ${path.split("?")[0]} in another form than this release knows${where === "" ? "" : ` (at ${where.slice(0, 80)})`}: is it a manager, and of a neighbouring release?`,
        );
      }
      return value as Static<typeof schema>;
    },
  };

  /** Of the virtual clock in tests: what takes longer is ended and counts as silence. */
  async function inTime<Value>(
    { signal: whole }: { readonly signal: AbortSignal },
    msMax: number,
    work: (signal: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    const own = new AbortController();
    const signal = AbortSignal.any([own.signal, whole]);
    const late = sleep(clock, msMax, signal).then(() => {
      throw new CellError("silent", `${url} gave no answer within ${msMax / 1_000} s`);
    });
    const working = work(signal);
    try {
      return await Promise.race([working, late]);
    } finally {
      own.abort();
      // The loser of the race has nobody else to tell.
      working.catch(() => undefined);
      late.catch(() => undefined);
    }
  }
}

/** Lets at most eight in at once; the rest waits in order, and too many are turned away. */
function createTurns(url: string) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <Value>(work: () => Promise<Value>, signal: AbortSignal): Promise<Value> => {
    if (running >= federationLimits.asksAtOnceMax) {
      if (waiting.length >= federationLimits.asksWaitingMax)
        throw new CellError("silent", `${url} has too many questions waiting`);
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

const validators = new WeakMap<TSchema, Validator>();
function validatorOf(schema: TSchema): Validator {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const made: Validator = Compile(schema);
  validators.set(schema, made);
  return made;
}

function refusal(url: string, path: string, status: number, body: string): CellError {
  const problem = parseJson(body);
  const said = readSaid(problem);
  const what = path.split("?")[0] ?? path;
  const words =
    status === 401
      ? `${url} does not know the token: make one there, and write it into the file that is named for this cell`
      : status === 404 && said.code === ""
        ? `${url} knows nothing at ${what}: is that a manager's console?`
        : status >= 300 && status < 400
          ? `${url} leads to another address (${status}): name the manager's own`
          : `${url} answered ${status} to ${what}${said.detail === "" ? "" : `: ${said.detail}`}`;
  return new CellError("refused", words, { status, problem });
}

function readSaid(problem: unknown): { readonly code: string; readonly detail: string } {
  const text = (name: string): string => {
    const value: unknown =
      typeof problem === "object" && problem !== null ? Reflect.get(problem, name) : undefined;
    return typeof value === "string" ? value.slice(0, federationLimits.wordsMax) : "";
  };
  return { code: text("code"), detail: text("detail") };
}

function parseJson(text: string): unknown {
  try {
    // Nesting is bounded too: what cannot be written again would cost the others their answer.
    return parseJsonBody(text);
  } catch {
    return undefined;
  }
}
