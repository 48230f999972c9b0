import { connect } from "node:net";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { isRecord } from "#proto/vocabulary/plain-record.ts";
import { encodeFrame, FrameCollector } from "./frame.ts";
import { lookerLimits } from "./looker-limits.ts";
import type { Question } from "./question.ts";

/** Asks the looker one question. */
export interface LookerClient {
  ask(question: Question): Promise<Result<unknown, LookerProblem>>;
}

export type LookerProblem =
  /** Nobody listens, or this user may not ask. */
  | { readonly kind: "absent"; readonly detail: string }
  /** It does not do that for anybody. */
  | { readonly kind: "refused"; readonly detail: string }
  /** It did not answer in time, or said what nobody understands. */
  | { readonly kind: "broken"; readonly detail: string }
  /** What the looker itself was told by kernel or tool. */
  | { readonly kind: "told"; readonly problem: Readonly<Record<string, unknown>> };

/** A connection for each question: connecting takes a tenth of a millisecond, and nothing lingers. */
export function createLookerClient(socketPath: string, clock: Clock): LookerClient {
  return {
    ask: (question) =>
      new Promise((resolve) => {
        const collector = new FrameCollector(lookerLimits.answerBytesMax);
        const timeoutMs = patienceMs(question);
        const socket = connect(socketPath);
        const settle = (answer: Result<unknown, LookerProblem>): void => {
          cancel();
          socket.destroy();
          resolve(answer);
        };
        const cancel = clock.after(timeoutMs, () =>
          settle(fail({ kind: "broken", detail: `no answer of the looker in ${timeoutMs} ms` })),
        );
        socket.once("connect", () => socket.write(encodeFrame(question)));
        socket.on("error", (error) =>
          settle(fail({ kind: "absent", detail: `${socketPath}: ${error.message}` })),
        );
        socket.on("close", () =>
          settle(fail({ kind: "broken", detail: "the looker closed without an answer" })),
        );
        socket.on("data", (piece) => {
          const state = collector.take(piece);
          if (state.kind === "incomplete") return;
          if (state.kind === "broken") settle(fail({ kind: "broken", detail: state.detail }));
          else settle(readAnswer(state.value));
        });
      }),
  };
}

/** The longest that an honest looker takes: its queue, the tool, and the way there and back. */
function patienceMs(question: Question): number {
  const workMs =
    question.kind === "run"
      ? question.timeoutMs * queueFactor
      : question.kind === "ask"
        ? lookerLimits.toolTimeoutMsMax
        : 0;
  return workMs + lookerLimits.killGraceMs + lookerLimits.transferMsMax;
}

/** One question of another collector to the same tool may stand before ours. */
const queueFactor = 2;

function readAnswer(value: unknown): Result<unknown, LookerProblem> {
  if (!isRecord(value)) return fail({ kind: "broken", detail: "the answer is no object" });
  if (value["ok"] === true) return ok(value["value"]);
  const { problem } = value;
  if (value["ok"] !== false || !isRecord(problem))
    return fail({ kind: "broken", detail: "the answer is neither value nor problem" });
  if (problem["kind"] === "refused")
    return fail({ kind: "refused", detail: `the looker: ${String(problem["detail"])}` });
  return fail({ kind: "told", problem });
}
