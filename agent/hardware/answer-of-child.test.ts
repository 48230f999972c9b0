import { expect, test } from "vitest";
import { answerOfChild } from "./answer-of-child.ts";
import type { ChildOutcome } from "./child.ts";

const limits = { timeoutMs: 20_000, outputBytesMax: 4_096 };
const ended = { kind: "ended", exitCode: 0, signal: null, stdout: "a", stderr: "b" } as const;

test("a child that ended by itself is an answer, whatever its exit code", () => {
  for (const exitCode of [0, 1, 139]) {
    const answer = answerOfChild("lvs", { ...ended, exitCode }, limits);
    expect(answer).toEqual({ ok: true, value: { exitCode, stdout: "a", stderr: "b" } });
  }
});

test.each<[string, ChildOutcome, string, string]>([
  [
    "was late",
    { kind: "timed-out", isStuck: true },
    "timed-out",
    "lvs gave no answer within 20000 ms",
  ],
  ["talked too much", { kind: "too-large" }, "failed", "lvs printed more than 4096 bytes"],
  ["may not be run", { kind: "not-started", errno: "EACCES", detail: "no" }, "denied", "no"],
  ["could not be started", { kind: "not-started", errno: "ENOMEM", detail: "no" }, "failed", "no"],
  [
    "was killed",
    { ...ended, exitCode: null, signal: "SIGSEGV" },
    "failed",
    "lvs was ended by SIGSEGV",
  ],
])("one that %s is a problem in words", (_, outcome, kind, detail) => {
  expect(answerOfChild("lvs", outcome, limits)).toEqual({
    ok: false,
    problem: { kind, tool: "lvs", detail },
  });
});
