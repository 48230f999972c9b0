import { connect } from "node:net";
import { encodeFrame, FrameCollector } from "#agent/looker/frame.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { isRecord } from "#proto/vocabulary/plain-record.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { handsLimits } from "./hands-limits.ts";
import type { HandsQuestion } from "./question.ts";

/** Asks root's acting helper. Problems are in words. */
export interface HandsClient {
  /** Aborting leaves: hooks that evacuate end with it. */
  ask(question: HandsQuestion, signal: AbortSignal | null): Promise<Result<unknown, string>>;
}

/** Each order may come again at any time, so one whose helper was killed is asked anew. */
const attemptsMax = 3;
const lostWords = "root's helper ended without an answer";

export function createHandsClient(socketPath: string, clock: Clock): HandsClient {
  return {
    async ask(question, signal) {
      const frame = encodeFrame(question);
      if (frame.length > handsLimits.questionBytesMax) {
        return fail("more is named than one question to root's helper holds");
      }
      const timeoutMs =
        handsLimits.actMsMax + (question.kind === "evacuate" ? question.graceMs : 0);
      for (let attempt = 1; ; attempt += 1) {
        const answer = await askOnce(socketPath, frame, timeoutMs, clock, signal);
        const isLost = !answer.ok && answer.problem === lostWords;
        if (!isLost || attempt >= attemptsMax || signal?.aborted === true) return answer;
      }
    },
  };
}

function askOnce(
  socketPath: string,
  frame: Uint8Array,
  timeoutMs: number,
  clock: Clock,
  signal: AbortSignal | null,
): Promise<Result<unknown, string>> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve(fail("was called off"));
    const collector = new FrameCollector(handsLimits.answerBytesMax);
    const socket = connect(socketPath);
    const settle = (answer: Result<unknown, string>): void => {
      cancel();
      signal?.removeEventListener("abort", onAbort);
      socket.destroy();
      resolve(answer);
    };
    const onAbort = (): void => settle(fail("was called off"));
    signal?.addEventListener("abort", onAbort, { once: true });
    const cancel = clock.after(timeoutMs, () =>
      settle(fail(`root's helper gave no answer within ${timeoutMs / 1_000} s`)),
    );
    let isConnected = false;
    socket.once("connect", () => {
      isConnected = true;
      socket.write(frame);
    });
    socket.on("error", (error) => settle(fail(isConnected ? lostWords : whyAbsent(error))));
    socket.on("close", () => settle(fail(lostWords)));
    socket.on("data", (piece) => {
      const state = collector.take(piece);
      if (state.kind === "whole") settle(readAnswer(state.value));
      if (state.kind === "broken") settle(fail(`root's helper said ${state.detail}`));
    });
  });

  function whyAbsent(error: Error): string {
    const code = "code" in error ? String(error.code) : error.message;
    return `nobody answers at ${socketPath} (${code}): systemctl enable --now wws-hands.socket`;
  }
}

function readAnswer(value: unknown): Result<unknown, string> {
  if (!isRecord(value)) return fail("root's helper said what is no object");
  if (value["ok"] === true) return ok(value["value"]);
  const { problem } = value;
  return isRecord(problem) && typeof problem["detail"] === "string"
    ? fail(problem["detail"])
    : fail("root's helper said neither value nor problem");
}
