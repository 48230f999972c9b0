import { expect, test } from "vitest";
import { InvariantError, invariant } from "./invariant.ts";
import { silentLog } from "./log.ts";
import { fail, ok } from "./result.ts";

test("what holds passes, what does not is an error of our own", () => {
  expect(() => invariant(true, "never")).not.toThrow();
  expect(() => invariant(0, "a count is positive")).toThrow(
    new InvariantError("a count is positive"),
  );
});

test("a result is one or the other", () => {
  expect(ok(5)).toEqual({ ok: true, value: 5 });
  expect(fail("no")).toEqual({ ok: false, problem: "no" });
});

test("the silent log has silent children", () => {
  const child = silentLog.child({ component: "link" });
  expect(() => child.error({}, "nobody hears this")).not.toThrow();
});
