import { createContext, runInContext } from "node:vm";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { mutate } from "./mutations.ts";
import { answerLimits, measureAnswer } from "./plain-data.ts";

/** A text that a parser did not take as it should. */
export interface FuzzFailure {
  readonly target: string;
  readonly text: string;
  readonly why: string;
  /** Number of the mutation under the seed; null: a sample or a kept input, as it stands. */
  readonly mutation: number | null;
  readonly edits: readonly string[];
}

export interface FuzzRun {
  readonly seed: number;
  readonly count: number;
  readonly samples: readonly string[];
}

/** CPU time of one parse of an input of up to a mebibyte, ms: a linear parser takes a tenth. */
export const parseCpuMsMax = 1_000;
/** Wall time after which a parse is broken off, ms; only one that never ends needs it. */
export const parseMsMax = 30_000;

/** Parses the samples as they stand, then `count` mutations of them; ends at the first failure. */
export function fuzzTarget(
  target: FuzzTarget,
  { seed, count, samples }: FuzzRun,
): FuzzFailure | null {
  for (const text of samples) {
    const why = judge(target, text);
    if (why !== null) return { target: target.name, text, why, mutation: null, edits: [] };
  }
  if (samples.length === 0) return null;
  for (let mutation = 0; mutation < count; mutation += 1) {
    const { text, edits } = mutationOf(target, { seed, samples, mutation });
    const why = judge(target, text);
    if (why !== null) return { target: target.name, text, why, mutation, edits };
  }
  return null;
}

/** The same seed, target, samples and number always give the same text. */
export function mutationOf(
  target: FuzzTarget,
  of: { readonly seed: number; readonly samples: readonly string[]; readonly mutation: number },
) {
  const random = createSeededRandom(of.seed).fork(`${target.name} ${of.mutation}`);
  return mutate(of.samples[random.below(of.samples.length)] ?? "", of.samples, random);
}

/** What is wrong with the target's answer to this text; null: nothing. */
export function judge(target: FuzzTarget, text: string): string | null {
  const begin = process.threadCpuUsage();
  let answer: unknown;
  try {
    answer = parseInTime(target, text);
  } catch (error) {
    if (isTimeOut(error)) return `is still parsing after ${parseMsMax} ms`;
    const isDeclared = target.throws?.some((allowed) => error instanceof allowed) === true;
    if (!isDeclared)
      return `throws ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
    answer = null;
  }
  const used = process.threadCpuUsage(begin);
  const usedMs = (used.user + used.system) / 1_000;
  if (usedMs > parseCpuMsMax) return `takes ${Math.round(usedMs)} ms for ${text.length} characters`;
  if ("polluted" in {} || Object.keys(Object.prototype).length > 0)
    return "changes Object.prototype";
  const size = measureAnswer(answer);
  if (typeof size === "string") return size;
  const nodesMax = answerLimits.nodesBase + answerLimits.nodesPerCharacter * text.length;
  if (size.nodes > nodesMax) return `makes ${size.nodes} values of ${text.length} characters`;
  const charactersMax =
    answerLimits.charactersBase + answerLimits.charactersPerCharacter * text.length;
  return size.characters > charactersMax
    ? `makes ${size.characters} characters of ${text.length}`
    : null;
}

/** Runs where V8 can break it off, in a regular expression too. */
function parseInTime(target: FuzzTarget, text: string): unknown {
  box.parse = () => target.parse(text);
  return runInContext("parse()", box, { timeout: parseMsMax });
}

function isTimeOut(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}

const box: { parse: () => unknown } & Record<string, unknown> = createContext({
  parse: (): unknown => null,
}) as { parse: () => unknown } & Record<string, unknown>;
