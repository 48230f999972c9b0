import type { Clock } from "#proto/vocabulary/clock.ts";
import { ApiError } from "./problems.ts";

export const rememberedAnswersMax = 1_000;
export const rememberedMs = 10 * 60_000;

/** Makes a POST that is sent twice with one Idempotency-Key act once. In memory, for ten minutes. */
export interface AnswerMemory {
  once(
    request: { readonly key: string; readonly who: string; readonly asked: string },
    run: () => Promise<unknown>,
  ): Promise<unknown>;
}

const keyForm = /^[\x21-\x7e]{1,128}$/;

export function createAnswerMemory(clock: Clock): AnswerMemory {
  const answers = new Map<string, { asked: string; untilMs: number; value: Promise<unknown> }>();

  const forgetOld = (): void => {
    const nowMs = clock.nowMonotonicMs();
    for (const [name, answer] of answers) {
      if (answer.untilMs > nowMs && answers.size < rememberedAnswersMax) return;
      answers.delete(name);
    }
  };

  return {
    async once({ key, who, asked }, run) {
      if (!keyForm.test(key)) {
        throw new ApiError(
          "invalid-request",
          "header Idempotency-Key: 1 to 128 printable characters",
        );
      }
      const name = `${who}\n${key}`;
      forgetOld();
      const earlier = answers.get(name);
      if (earlier !== undefined && earlier.asked !== asked) {
        throw new ApiError("key-reused", "the same key came before with another body");
      }
      if (earlier !== undefined) return earlier.value;
      const value = run();
      answers.set(name, { asked, untilMs: clock.nowMonotonicMs() + rememberedMs, value });
      // A refusal is not remembered: what was wrong may be right by the next try.
      value.catch(() => answers.delete(name));
      return value;
    },
  };
}
