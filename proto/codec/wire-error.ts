import type { DecodeProblem } from "#proto/messages/decode-problem.ts";
import { fail, type Result } from "#proto/vocabulary/result.ts";

/** Thrown by the checks inside proto/codec and caught where a frame's decoding began. */
export class WireError extends Error {
  override readonly name = "WireError";
  readonly problem: DecodeProblem;

  constructor(problem: DecodeProblem) {
    super(`${problem.kind} at ${problem.where}: ${problem.detail}`);
    this.problem = problem;
  }
}

export function refuse(kind: DecodeProblem["kind"], where: string, detail: string): never {
  throw new WireError({ kind, where, detail });
}

/** Runs a decoding; whatever is thrown inside becomes a problem with its place. */
export function catchProblem<Value>(
  where: string,
  decode: () => Result<Value, DecodeProblem>,
): Result<Value, DecodeProblem> {
  try {
    return decode();
  } catch (error) {
    if (error instanceof WireError) return fail(error.problem);
    // protobufjs throws plain errors on bytes that are not protobuf.
    const detail = error instanceof Error ? error.message : "not protobuf";
    return fail({ kind: "malformed", where, detail: detail.slice(0, 200) });
  }
}
