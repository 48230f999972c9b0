import { expect, test } from "vitest";
import type { PlanAction } from "../plan.ts";
import { askAgain } from "./ask-again.ts";

const again = (action: PlanAction, selector = "web-1") => askAgain({ action, selector });
const drain = { kind: "drain", deadlineMs: 0, graceMs: 60_000, force: false } as const;

test("a drain is asked for again as urgently as it was, and as hard", () => {
  expect(again({ ...drain, drain: "planned" })).toBe("wws-fleet host drain web-1 --reason REASON");
  expect(again({ ...drain, drain: "emergency" })).toBe(
    "wws-fleet host drain web-1 --kind emergency --reason REASON",
  );
  expect(again({ ...drain, drain: "degraded", force: true }, "site=fra2,class=web x")).toBe(
    "wws-fleet host drain 'site=fra2,class=web x' --kind degraded --force --reason REASON",
  );
});

test("a light that was to go out is not asked to blink", () => {
  expect(again({ kind: "locate", isOn: true, forMs: 600_000 })).toBe(
    "wws-fleet host locate web-1 --reason REASON",
  );
  expect(again({ kind: "locate", isOn: false, forMs: 600_000 })).toBe(
    "wws-fleet host locate web-1 --off --reason REASON",
  );
});
