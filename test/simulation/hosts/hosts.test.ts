import { afterAll, describe, expect, test } from "vitest";
import { replayCommand } from "#test/simulation/replay-command.ts";
import { usualSize } from "#test/simulation/replay.ts";
import { drawStory } from "./draw-story.ts";
import { playStory } from "./play-story.ts";
import { hostStoryRules } from "./story-rules.ts";

const size = usualSize.hosts;
const small = { hosts: 3, hours: 0.5 };
const seeds = Array.from({ length: 40 }, (_, index) => 1 + index);
const looked = new Set<string>();
let stories = 0;

/** A guard against hanging, not a measure: a story takes a second or two of a processor of one's own. */
describe("whole agents and managers for an hour", { timeout: 60_000 }, () => {
  test.each(seeds)("break no rule under what seed %d brings", async (seed) => {
    const played = await playStory(drawStory(seed, size));
    stories += 1;
    for (const [rule, looks] of Object.entries(played.looks)) if (looks > 0) looked.add(rule);
    const found = played.findings.map(({ rule, words }) => `${rule}: ${words}`);
    expect(found, replayCommand({ kind: "hosts", seed, ...size })).toEqual([]);
  });

  test("the same story is the same run, step for step", async () => {
    const story = drawStory(7, small);
    expect(drawStory(7, small)).toEqual(story);
    const first = await playStory(story);
    const again = await playStory(JSON.parse(JSON.stringify(story)));
    expect(again.hash).toBe(first.hash);
    expect(again.tail).toEqual(first.tail);
    const [other, ...rest] = story.events;
    expect(other).toBeDefined();
    expect((await playStory({ ...story, events: rest })).hash).not.toBe(first.hash);
  });

  test("it stops where it is told to, on the way that it always goes", async () => {
    const story = drawStory(7, small);
    const whole = await playStory(story);
    const part = await playStory(story, { until: 120 });
    expect(part.steps).toBeLessThan(whole.steps);
    expect(whole.tail.slice(0, 120)).toEqual(part.tail.slice(0, 120));
  });
});

afterAll(() => {
  // A run of some of them, by name, may well have no occasion.
  if (stories < seeds.length) return;
  // L6: nobody here selects; the people of test/simulation/fleet do.
  const rules = new Set(hostStoryRules.map(({ name }) => name).filter((name) => name !== "L6"));
  expect([...rules].filter((rule) => !looked.has(rule))).toEqual([]);
});
