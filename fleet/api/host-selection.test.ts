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

test("hosts are found by the power line that feeds their rack, by its name or its source", () => {
  const feeds = [
    { name: "A", upstream: "ups-a2" },
    { name: "B", upstream: null },
  ];
  const host = someHost({ feeds });
  for (const meant of ["feed=A", "feed=ups-a2", "feed=B", "feed=ups-*"]) {
    expect(parseSelector(meant)(host), meant).toBe(true);
  }
  expect(parseSelector("feed=ups-a1")(host)).toBe(false);
  expect(parseSelector("feed=none")(host)).toBe(false);
  expect(parseSelector("feed=none")(someHost())).toBe(true);
});
