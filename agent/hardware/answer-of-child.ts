import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { ChildOutcome, ChildRequest } from "./child.ts";
import type { ToolAnswer, ToolProblem } from "./hardware-source.ts";

/** What a child printed where it ended by itself, whatever its exit code; else why there is nothing. */
export function answerOfChild(
  tool: string,
  outcome: ChildOutcome,
  { timeoutMs, outputBytesMax }: Pick<ChildRequest, "timeoutMs" | "outputBytesMax">,
): Result<ToolAnswer, ToolProblem> {
  const problem = (kind: ToolProblem["kind"], detail: string) => fail({ kind, tool, detail });
  switch (outcome.kind) {
    case "timed-out":
      return problem("timed-out", `${tool} gave no answer within ${timeoutMs} ms`);
    case "too-large":
      return problem("failed", `${tool} printed more than ${outputBytesMax} bytes`);
    case "not-started":
      return problem(outcome.errno === "EACCES" ? "denied" : "failed", outcome.detail);
    case "ended": {
      const { exitCode, signal, stdout, stderr } = outcome;
      if (exitCode === null) return problem("failed", `${tool} was ended by ${signal}`);
      return ok({ exitCode, stdout, stderr });
    }
  }
}
