import { expect, test } from "vitest";
import { reasonFault } from "./reason-words.ts";

test("a reason has words in it, and not too many", () => {
  expect(reasonFault("fan 3")).toBeNull();
  expect(reasonFault("  ")).toBe("say why: it goes into the audit");
  expect(reasonFault(" ab ")).toBe("3 characters or more");
  expect(reasonFault("a".repeat(501))).toBe("500 characters at most");
});
