import { expect, test } from "vitest";
import { type FleetStory, playFleet } from "#test/simulation/fleet/fleet-story.ts";
import type { Rule } from "#test/simulation/invariants/checker.ts";
import { isFleetStory, readStory, writeStory } from "#test/simulation/story-file.ts";
import { shrinkFleet } from "./shrink-fleet.ts";

/** A rule that this fleet breaks, as a fleet does that is not sound. */
const neverHalted: Rule = {
  name: "S4",
  says: "nobody is told to stop what runs there",
  begin:
    ({ broken }) =>
    (seen) => {
      if (seen.kind === "did" && seen.order.action.kind === "evacuate")
        broken(`${seen.hostId} was told to stop what runs there`);
    },
};
const whole: FleetStory = { kind: "fleet", seed: 5, hosts: 24, hours: 4, pace: 12, only: null };
/** A guard against hanging, not a measure. */
const timeout = 400_000;

test("a fleet that breaks a rule shrinks to fewer hosts, less time and the deeds that it takes", {
  timeout,
}, async () => {
  const rules = [neverHalted];
  const all: string[] = [];
  await playFleet(whole, { onDeed: (name) => all.push(name) });
  const shrunk = await shrinkFleet(whole, { rules, triesMax: 40 });
  if (shrunk === null) throw new Error("the rule was not broken");
  const { story, finding, tries } = shrunk;
  expect(tries).toBeLessThanOrEqual(40);
  expect(finding.rule).toBe("S4");
  expect(story.hosts).toBeLessThan(whole.hosts);
  expect(story.hours).toBeLessThan(whole.hours);
  expect(story.only?.length ?? Infinity).toBeLessThan(all.length / 3);

  const kept = readStory(writeStory(story));
  if (!isFleetStory(kept)) throw new Error("it is a fleet's");
  const again = await playFleet(kept, { rules });
  expect(again.findings).toContainEqual(finding);
  expect((await playFleet({ ...kept, only: [] }, { rules })).findings).toEqual([]);
});

test("a sound fleet has nothing to shrink", { timeout }, async () => {
  expect(await shrinkFleet({ ...whole, hosts: 6, hours: 1 })).toBeNull();
});
