import { expect, test } from "vitest";
import { someHost } from "../some-host.test-data.ts";
import { clipText, describeBox, matchesWords } from "./box-words.ts";

test("a box says unit, name, states and watts in words", () => {
  const box = {
    kind: "host",
    unit: 12,
    heightUnits: 2,
    host: someHost({ simulated: true }),
  } as const;
  expect(describeBox(box)).toBe("u12–13: fra2-b07-u12, active, connected, 412 W, simulated");
  expect(describeBox({ kind: "free", unit: 3, heightUnits: 1 })).toBe("u03: free");
});

test("watts that nobody saw are not said", () => {
  const host = someHost({ power: { watts: null, source: null, reason: "no meter" } });
  expect(describeBox({ kind: "host", unit: 1, heightUnits: 1, host })).not.toContain("W");
});

test("text is cut by characters, not by halves of them", () => {
  expect(clipText("abcdef", 60, 10)).toBe("abcdef");
  expect(clipText("abcdef", 50, 10)).toBe("abcd…");
  expect(clipText("🦊🦊🦊", 20, 10)).toBe("🦊…");
  expect(clipText("abc", 0, 10)).toBe("…");
});

test("a query matches where all its words stand somewhere", () => {
  expect(matchesWords(someHost(), "FRA2 connected")).toBe(true);
  expect(matchesWords(someHost(), "fra2 lost")).toBe(false);
  expect(matchesWords(someHost(), "")).toBe(true);
});
