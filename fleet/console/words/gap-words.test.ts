import { expect, test } from "vitest";
import { gapReason } from "./gap-words.ts";

test("an agent's word is told in words, a sentence stays as it is", () => {
  expect(gapReason("agent-restarted")).toBe("the agent was not running");
  expect(gapReason("reports 4 to 7 have not come")).toBe("reports 4 to 7 have not come");
  expect(gapReason("toString")).toBe("toString");
});
