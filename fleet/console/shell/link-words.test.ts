import { expect, test } from "vitest";
import { describeLink } from "./link-words.ts";

const noon = Date.UTC(2026, 10, 4, 12);
const lost = { kind: "reconnecting", sinceMs: noon } as const;
const say = (nowMs: number) => describeLink(lost, nowMs, "UTC").words;

test("a lost manager is said with since when, and after half a minute the figures are stale", () => {
  expect(say(noon + 12_000)).toBe("reconnecting since 12 s");
  expect(say(noon + 29_999)).toBe("reconnecting since 29 s");
  expect(say(noon + 30_000)).toBe("stale since 12:00");
});

test("an open stream is live, however long ago it was opened", () => {
  expect(describeLink({ kind: "live" }, noon, "UTC")).toEqual({ words: "live", tone: "ok" });
});
