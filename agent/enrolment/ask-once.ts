import { decodeManagerFrame } from "#proto/codec/manager-frames.ts";
import type { EnrolAnswer, Refusal } from "#proto/messages/frames.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import {
  closeCodes,
  type LinkCloseReason,
  type LinkTarget,
  type LinkTransport,
} from "#agent/link/transport.ts";

/** What came of one knock at the enrolment door. */
export type EnrolAttempt =
  | { readonly kind: "answered"; readonly answer: EnrolAnswer }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "no-answer"; readonly reason: LinkCloseReason };

/** Connect, TLS, one question, one answer. */
export const askMsMax = 30_000;

export function askOnce(
  transport: LinkTransport,
  target: LinkTarget,
  question: Uint8Array,
  clock: Pick<Clock, "after">,
  signal: AbortSignal,
): Promise<EnrolAttempt> {
  return new Promise((resolve) => {
    let isSettled = false;
    const settle = (attempt: EnrolAttempt): void => {
      if (isSettled) return;
      isSettled = true;
      cancel();
      signal.removeEventListener("abort", giveUp);
      resolve(attempt);
    };
    const connection = transport.connect(target, {
      onOpen: () => connection.send(question),
      onMessage(bytes) {
        const decoded = decodeManagerFrame(bytes);
        if (!decoded.ok) {
          const { kind, where } = decoded.problem;
          const detail = `the answer does not decode: ${kind} at ${where}`;
          settle({ kind: "no-answer", reason: { code: 1007, detail } });
        } else if (decoded.value.kind === "refusal") {
          settle({ kind: "refused", refusal: decoded.value.refusal });
        } else if (decoded.value.kind === "enrol") {
          settle({ kind: "answered", answer: decoded.value.enrol });
        } else return;
        connection.close(1000, "thank you");
      },
      onClose: (reason) => settle({ kind: "no-answer", reason }),
    });
    const end = (detail: string): void => {
      settle({ kind: "no-answer", reason: { code: closeCodes.lost, detail } });
      connection.close(1000, detail);
    };
    const giveUp = (): void => end("interrupted");
    signal.addEventListener("abort", giveUp, { once: true });
    const cancel = clock.after(askMsMax, () => end(`no answer within ${askMsMax} ms`));
  });
}
