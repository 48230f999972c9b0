import type { Socket } from "node:net";
import { encodeFrame, FrameCollector } from "#agent/looker/frame.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { HandsAnswer } from "./hands-desk.ts";
import { handsLimits } from "./hands-limits.ts";

export interface ServeParts {
  readonly answer: (value: unknown, signal: AbortSignal) => Promise<HandsAnswer>;
  readonly clock: Clock;
}

/**
 * The one question of a connection, made with `allowHalfOpen`. Resolves when it is answered, or when
 * the asker left: `signal` is aborted then, and what must not stay half done is done before this
 * resolves. Never rejects.
 */
export async function serveQuestion(socket: Socket, { answer, clock }: ServeParts): Promise<void> {
  const left = new AbortController();
  socket.on("error", () => socket.destroy());
  socket.on("close", () => left.abort());
  const asked = await readQuestion(socket, clock);
  if (asked === null) return;
  // Whoever asks waits with the connection open; its end is the asker's, whatever ended it.
  socket.on("end", () => socket.destroy());
  socket.on("data", () => socket.destroy());
  socket.resume();
  const said =
    "detail" in asked
      ? refusedFrame(asked.detail)
      : frameOf(await answer(asked.value, left.signal));
  if (socket.destroyed) return;
  await new Promise<void>((resolve) => {
    const cancel = clock.after(handsLimits.transferMsMax, () => socket.destroy());
    socket.once("close", () => {
      cancel();
      resolve();
    });
    socket.end(said, () => socket.destroy());
  });
}

/** null: it did not come whole in its time. */
function readQuestion(
  socket: Socket,
  clock: Clock,
): Promise<{ readonly value: unknown } | { readonly detail: string } | null> {
  return new Promise((resolve) => {
    const collector = new FrameCollector(handsLimits.questionBytesMax);
    const settle = (asked: { value: unknown } | { detail: string } | null): void => {
      cancel();
      socket.pause();
      socket.removeAllListeners("data");
      socket.removeAllListeners("end");
      if (asked === null) socket.destroy();
      resolve(asked);
    };
    const cancel = clock.after(handsLimits.transferMsMax, () => settle(null));
    socket.once("close", () => settle(null));
    socket.on("end", () => settle(null));
    socket.on("data", (piece) => {
      const state = collector.take(piece);
      if (state.kind === "whole") settle({ value: state.value });
      if (state.kind === "broken") settle({ detail: state.detail });
    });
  });
}

function frameOf(answer: HandsAnswer): Uint8Array {
  const frame = encodeFrame(answer);
  return frame.length <= handsLimits.answerBytesMax
    ? frame
    : refusedFrame("the answer is larger than root's helper gives");
}

function refusedFrame(detail: string): Uint8Array {
  return encodeFrame({ ok: false, problem: { kind: "refused", detail } });
}
