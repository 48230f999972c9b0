import { expect, test } from "vitest";
import { causeWords } from "./reboot-words.ts";

test("a cause is told in words, and one of a newer manager as it is", () => {
  expect(causeWords("watchdog")).toBe("reset by its watchdog");
  expect(causeWords("toString")).toBe("toString");
});
