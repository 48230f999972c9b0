import { expect, test } from "vitest";
import { playStory } from "./play-story.ts";
import type { Story } from "./story.ts";

/** Stories that the soak found and made small; each broke a rule until its fault was mended. */
const found: readonly { readonly because: string; readonly story: Story }[] = [
  {
    // L7, S5: what was heard before the leap seemed newer than the leadership, and the host lost.
    because: "a manager whose clock was set back takes over, and a drain waits for the other's",
    story: {
      seed: 1000148,
      hosts: 5,
      spanMs: 1677159,
      managers: 2,
      events: [
        { atMs: 6222, do: "manager-paused", seat: "A", forMs: 17730 },
        { atMs: 99179, do: "manager-killed", seat: "B", downMs: 30254 },
        {
          atMs: 493741,
          do: "start",
          host: 3,
          by: "eve",
          action: {
            kind: "drain",
            drain: "emergency",
            deadlineMs: 1200000,
            force: false,
            graceMs: 0,
          },
        },
        { atMs: 1156263, do: "manager-clock", seat: "B", byMs: -2264575 },
        {
          atMs: 1388391,
          do: "start",
          host: 4,
          by: "eve",
          action: {
            kind: "drain",
            drain: "planned",
            deadlineMs: 1200000,
            force: false,
            graceMs: 120000,
          },
        },
        { atMs: 1617159, do: "manager-paused", seat: "A", forMs: 322817 },
      ],
    },
  },
];

/** A guard against hanging, not a measure. */
test.each(found)("no rule is broken where $because", { timeout: 60_000 }, async ({ story }) => {
  expect((await playStory(story)).findings).toEqual([]);
});
