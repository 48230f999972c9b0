import { expect, test } from "vitest";
import { runnable, whoCanEnd } from "./why-words.ts";

test("a wait that only time ends names nobody", () => {
  expect(["time", "", "nobody", "ada, or another operator"].map(whoCanEnd)).toEqual([
    null,
    null,
    null,
    "ada, or another operator",
  ]);
});

test("the fleet's own commands are given as they run from the checkout, others as they are", () => {
  expect(runnable("wws-fleet op resume 7 --reason REASON")).toBe(
    "npx wws-fleet op resume 7 --reason REASON",
  );
  expect(runnable("wws-fleetish")).toBe("wws-fleetish");
});
