import type {
  HardwareSource,
  ReadProblem,
  ToolAnswer,
  ToolProblem,
} from "#agent/hardware/hardware-source.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { fail, type Result } from "#proto/vocabulary/result.ts";
import { lookerLimits } from "./looker-limits.ts";
import { parseQuestion, type Question } from "./question.ts";
import type { RootFiles } from "./root-files.ts";
import { mayRun } from "./tool-grammar.ts";
import { createTurns } from "./turns.ts";

/** What the looker says to a question; `refused` is for one that nobody honest would ask. */
export type Answer =
  | Result<unknown, ReadProblem | ToolProblem>
  | { readonly ok: false; readonly problem: { readonly kind: "refused"; readonly detail: string } };

/** Answers questions of anybody at all; what is not on the lists is refused. Never throws. */
export interface Looker {
  answer(value: unknown): Promise<Answer>;
  /** Questions that are being answered. */
  busy(): number;
}

export interface LookerParts {
  /** Runs tools and systeminformation, as root. */
  readonly source: Pick<HardwareSource, "runTool" | "askSystemInformation">;
  readonly files: RootFiles;
  readonly clock: Clock;
}

export function createLooker({ source, files, clock }: LookerParts): Looker {
  const turns = createTurns(lookerLimits.waitingPerToolMax);
  let busy = 0;

  /** What does not come in its time is told as late, and keeps its turn until it ends. */
  const inTurn = <Value>(
    tool: string,
    timeoutMs: number,
    run: () => Promise<Result<Value, ToolProblem>>,
  ): Promise<Result<Value, ToolProblem>> => {
    const waitMs = timeoutMs + lookerLimits.killGraceMs;
    return new Promise((resolve) => {
      let cancel = (): void => {};
      const late = () =>
        resolve(
          fail({ kind: "timed-out", tool, detail: `${tool} gave no answer within ${waitMs} ms` }),
        );
      const taken = turns.take(tool, async () => {
        cancel = clock.after(waitMs, late);
        const failed = (error: unknown) =>
          fail<ToolProblem>({ kind: "failed", tool, detail: String(error) });
        resolve(await run().catch(failed));
        cancel();
      });
      if (!taken) {
        const detail = `${tool}: too many questions wait, or one before hangs`;
        resolve(fail({ kind: "failed", tool, detail }));
      }
    });
  };

  const answer = async (question: Question): Promise<Answer> => {
    switch (question.kind) {
      case "run": {
        const { tool, args, timeoutMs } = question;
        if (!mayRun(tool, args)) return refused(`${tool} is not run with these arguments`);
        const request = { tool, args, timeoutMs };
        return inTurn<ToolAnswer>(tool, timeoutMs, () => source.runTool(request));
      }
      case "ask":
        return inTurn("systeminformation", lookerLimits.toolTimeoutMsMax, () =>
          source.askSystemInformation(question.call),
        );
      case "read":
        return files.read(question.path);
      case "list":
        return files.list(question.path);
      case "link":
        return files.link(question.path);
      case "open-energy":
        return files.openEnergy(question.path);
    }
  };

  return {
    async answer(value) {
      const parsed = parseQuestion(value);
      if (!parsed.ok) return refused(parsed.problem);
      busy += 1;
      try {
        return await answer(parsed.value);
      } catch (error) {
        return refused(`the looker failed: ${error instanceof Error ? error.message : "?"}`);
      } finally {
        busy -= 1;
      }
    },
    busy: () => busy,
  };
}

function refused(detail: string): Answer {
  return { ok: false, problem: { kind: "refused", detail } };
}
