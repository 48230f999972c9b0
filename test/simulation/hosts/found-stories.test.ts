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
  {
    // L7: what had waited in a socket was heard as a word of now, of a host that was gone since.
    because: "a manager that stood still finds the words of a host that nobody hears any more",
    story: {
      seed: 1000246,
      hosts: 5,
      spanMs: 770986,
      managers: 1,
      events: [
        {
          atMs: 481695,
          do: "manager-stopped-at-await",
          seat: "A",
          nth: 16,
          moment: "ask",
          how: "paused",
          forMs: 161628,
        },
        { atMs: 556587, do: "hostile", host: 4, victim: 0, forMs: 256765 },
        {
          atMs: 710986,
          do: "start",
          host: 3,
          by: "ann",
          action: { kind: "reboot", graceMs: 10000 },
        },
      ],
    },
  },
  {
    // L7: what was heard before was later than now, and so a word of a moment ago for minutes.
    because: "a manager whose clock was set back starts anew, and a host went silent long before",
    story: {
      seed: 1000164,
      hosts: 3,
      spanMs: 1431403,
      managers: 1,
      events: [
        { atMs: 1055537, do: "hostile", host: 1, victim: 2, forMs: 504848 },
        { atMs: 1081464, do: "manager-clock", seat: "A", byMs: -2547758 },
        {
          atMs: 1261325,
          do: "manager-stopped-at-await",
          seat: "A",
          nth: 57,
          moment: "ask",
          how: "killed",
          forMs: 141,
        },
        {
          atMs: 1371403,
          do: "start",
          host: 0,
          by: "ann",
          action: { kind: "reboot", graceMs: 10000 },
        },
      ],
    },
  },
  {
    // S12: the manager that leads by then waited for ever for people who had looked.
    because:
      "two people tell one manager that a restored store is right while the other takes over",
    story: {
      seed: 1001810,
      hosts: 5,
      spanMs: 3150000,
      managers: 2,
      events: [
        { atMs: 1800629, do: "manager-paused", seat: "A", forMs: 115634 },
        {
          atMs: 2220525,
          do: "manager-stopped-at-await",
          seat: "B",
          nth: 59,
          moment: "ask",
          how: "paused",
          forMs: 15319,
        },
        {
          atMs: 2612401,
          do: "store-restored",
          ageMs: 3375241,
          isMarked: false,
          acknowledgeMs: 25941,
        },
        {
          atMs: 3118201,
          do: "plan",
          hosts: [3, 4],
          by: "ben",
          action: {
            kind: "drain",
            drain: "planned",
            deadlineMs: 300000,
            force: false,
            graceMs: 120000,
          },
        },
      ],
    },
  },
  {
    // drained: a person's word was all that said so, and the host was on (the world's own fault).
    because: "nobody says of a host that is on that it is off, but where it is heard",
    story: {
      seed: 1001578,
      hosts: 1,
      spanMs: 1702022,
      managers: 1,
      events: [
        { atMs: 0, do: "work", host: 0, name: "web", manner: "hangs", stopMs: 111813 },
        {
          atMs: 1328092,
          do: "start",
          host: 0,
          by: "eve",
          action: {
            kind: "drain",
            drain: "planned",
            deadlineMs: 7200000,
            force: false,
            graceMs: 0,
          },
        },
        { atMs: 1598511, do: "agent-killed", host: 0, downMs: 44501 },
        { atMs: 1642022, do: "confirm-off", host: 0, by: "ann" },
      ],
    },
  },
  {
    // S6: the manager that held the socket was not told that its key was unpinned.
    because:
      "a host is removed through a manager that was paused while agents went to the other one",
    story: {
      seed: 1000932,
      hosts: 5,
      spanMs: 741581,
      managers: 2,
      events: [
        {
          atMs: 329623,
          do: "bad-wire",
          host: 2,
          drop: 0.13772475393489003,
          duplicate: 0.06674804864451289,
          reorder: 0.3365261838771403,
          delayMsMax: 1935,
          forMs: 262116,
        },
        {
          atMs: 669049,
          do: "manager-stopped-at-await",
          seat: "A",
          nth: 4,
          moment: "ask",
          how: "paused",
          forMs: 51711,
        },
        { atMs: 681581, do: "revoked", host: 0, by: "eve" },
      ],
    },
  },
];

/** A guard against hanging, not a measure. */
test.each(found)("no rule is broken where $because", { timeout: 60_000 }, async ({ story }) => {
  expect((await playStory(story)).findings).toEqual([]);
});
