import { expect, test } from "vitest";
import { someHost } from "../some-host.test-data.ts";
import {
  healthLooks,
  healthOrder,
  lifecycleLook,
  linkLooks,
  linkOrder,
  orderCounts,
  worstLook,
} from "./state-words.ts";

const good = someHost();

test("states of one kind differ by their shape, not by colour alone", () => {
  for (const looks of [Object.values(linkLooks), Object.values(healthLooks)]) {
    expect(new Set(looks.map((look) => look.shape)).size).toBe(looks.length);
  }
});

test("every state has its place in the order", () => {
  expect([...linkOrder].sort()).toEqual(Object.keys(linkLooks).sort());
  expect([...healthOrder].sort()).toEqual(Object.keys(healthLooks).sort());
});

test("counts come in order, without zeros, unknown words last", () => {
  const shown = orderCounts("link", { lost: 2, connected: 5, late: 0, teleported: 1 });
  expect(shown.map(({ look, count }) => `${look.word} ${count}`)).toEqual([
    "connected 5",
    "lost 2",
    "teleported 1",
  ]);
});

test("a word of a newer manager is shown as it is", () => {
  expect(lifecycleLook("constructor")).toMatchObject({ word: "constructor", shape: "question" });
});

test("the one shape of a host is what is worst about it", () => {
  expect(worstLook(good).word).toBe("active");
  expect(worstLook({ ...good, link: { ...good.link, state: "lost" } }).word).toBe("lost");
  expect(
    worstLook({ ...good, health: { verdict: "degraded", reasons: [], findings: [] } }).word,
  ).toBe("degraded");
  expect(
    worstLook({ ...good, health: { verdict: "unknown", reasons: [], findings: [] } }).word,
  ).toBe("active");
});

test("a life out of the usual shows before lesser ills, and a planned host misses no link", () => {
  const illness = (verdict: "degraded" | "failing") => ({ verdict, reasons: [], findings: [] });
  const never = { ...good.link, state: "never" } as const;
  const word = (differs: Partial<typeof good>) => worstLook({ ...good, ...differs }).word;
  expect(word({ lifecycle: "draining", health: illness("degraded") })).toBe("draining");
  expect(word({ lifecycle: "drained", health: illness("failing") })).toBe("failing");
  expect(word({ lifecycle: "quarantined", health: illness("failing") })).toBe("quarantined");
  expect(word({ lifecycle: "planned", link: never })).toBe("planned");
  expect(word({ lifecycle: "active", link: never })).toBe("never");
});

test("the four shapes of a life out of the usual are drawn apart", () => {
  const shapes = ["draining", "drained", "quarantined", "planned"].map(
    (word) => lifecycleLook(word).shape,
  );
  expect(shapes).toEqual(["half", "ring", "square", "dashes"]);
});
