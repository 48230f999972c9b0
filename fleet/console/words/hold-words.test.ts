import { expect, test } from "vitest";
import { holdMeaning } from "./hold-words.ts";

test("each hold says what it forbids; of one that is not known nothing is guessed", () => {
  expect(holdMeaning("cordon")).toBe("nothing new is placed there");
  expect(holdMeaning("constructor")).toBe("");
});
