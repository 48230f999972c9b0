import { expect, test } from "vitest";
import type { Refusal } from "#proto/messages/frames.ts";
import { type RefusalCode, refusals } from "#proto/vocabulary/refusal.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { decideAfterRefusal } from "./refusal-policy.ts";

const refusal = (code: Refusal["code"], retryAfterMs: number | null): Refusal => ({
  code,
  message: "",
  hint: "",
  retryAfterMs,
});

const codes: readonly RefusalCode[] = Object.keys(refusals).filter(
  (code): code is RefusalCode => code in refusals,
);

test.each(codes)("%s with a time is obeyed: no sooner, and spread", (code) => {
  const random = createSeededRandom(1);
  const delays = Array.from({ length: 50 }, () => {
    const after = decideAfterRefusal(refusal(code, 30_000), 1, random);
    return after.kind === "retry" ? after.delayMs : Number.NaN;
  });
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(30_000);
  expect(Math.max(...delays)).toBeLessThan(32_000);
  expect(new Set(delays).size).toBe(50);
});

const endings = ["identity-removed", "certificate-foreign", "certificate-missing", "host-mismatch"];

test.each(codes)("%s without a time ends the agent exactly when the identity is over", (code) => {
  const after = decideAfterRefusal(refusal(code, null), 1, createSeededRandom(1));
  if (endings.includes(code)) expect(after).toEqual({ kind: "stop" });
  else {
    expect(after.kind).toBe("retry");
    expect(after.kind === "retry" && after.delayMs >= 300_000 && after.delayMs < 600_000).toBe(
      true,
    );
  }
});

test("a refusal of a newer manager, not known here, is asked about again slowly", () => {
  const after = decideAfterRefusal(refusal("unknown", null), 1, createSeededRandom(1));
  expect(after.kind).toBe("retry");
});
