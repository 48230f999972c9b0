import { expect, test } from "vitest";
import { parseSelector } from "./host-selection.ts";
import { someHost } from "./some-host.test-data.ts";

test("a host is found by the word that the lists show of its life, a running operation's too", () => {
  const host = { ...someHost(), lifecycle: "draining" };
  expect(parseSelector("state=draining")(host)).toBe(true);
  expect(parseSelector("state=active")(host)).toBe(false);
  expect(parseSelector("state=under repair")({ ...host, lifecycle: "under repair" })).toBe(true);
});

test("a word that no host can show is a slip", () => {
  expect(() => parseSelector("state=drainig")).toThrow(/"drainig" is no state/);
});
