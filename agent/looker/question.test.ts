import { expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { parseQuestion } from "./question.ts";

const run = { kind: "run", tool: "smartctl", args: ["--scan-open"], timeoutMs: 5_000 };

test("each kind of question is read as it was asked", () => {
  for (const question of [
    run,
    { kind: "ask", call: "memLayout" },
    { kind: "read", path: "/sys/class/dmi/id/product_serial" },
    { kind: "list", path: "/sys/fs/pstore" },
    { kind: "link", path: "/sys/fs/pstore" },
    { kind: "open-energy", path: "/sys/class/powercap/intel-rapl:0/energy_uj" },
  ]) {
    expect(parseQuestion(question)).toEqual({ ok: true, value: question });
  }
});

test.each([
  null,
  [],
  "run",
  {},
  { kind: "write", path: "/sys/x" },
  { ...run, tool: "sh" },
  { ...run, tool: "__proto__" },
  { ...run, args: "--scan-open" },
  { ...run, args: [1] },
  { ...run, args: [""] },
  { ...run, args: ["a\0b"] },
  { ...run, args: ["ä"] },
  { ...run, args: ["x".repeat(257)] },
  { ...run, args: Array.from({ length: 33 }, () => "-i") },
  { ...run, timeoutMs: 0 },
  { ...run, timeoutMs: 1.5 },
  { ...run, timeoutMs: 1e9 },
  { ...run, timeoutMs: "5000" },
  { ...run, env: { LD_PRELOAD: "x" } },
  { kind: "ask", call: "versions" },
  // It would wake every drive that sleeps.
  { kind: "ask", call: "diskLayout" },
  { kind: "read", path: "sys/x" },
  { kind: "read", path: "/sys/../etc/shadow" },
  { kind: "read", path: "/sys/./x" },
  { kind: "read", path: "/sys//x" },
  { kind: "read", path: "/sys/x/" },
  { kind: "read", path: "/sys/x\0" },
  { kind: "read", path: `/${"x".repeat(256)}` },
  { kind: "read", path: ["/sys/x"] },
])("what is no question is refused: %j", (value) => {
  expect(parseQuestion(value)).toMatchObject({ ok: false });
});

test("no JSON makes it throw", () => {
  const key = fc.constantFrom("kind", "tool", "args", "timeoutMs", "path", "call", "constructor");
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom("run", "read", "ask", "smartctl"));
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(key, value)), (any) => {
      expect(typeof parseQuestion(any).ok).toBe("boolean");
    }),
  );
});
