import { orderFailPoints } from "#agent/commands/order-effects.ts";
import { failPoints } from "#fleet/executor/fail-points.ts";
import { evacuationStrategies } from "#fleet/tenancy/tenancy.ts";
import { createSeededRandom, type SeededRandom } from "#test/support/seeded-random.ts";
import { manners } from "./host-work.ts";
import type { Seat, Story, StoryAction, StoryEvent } from "./story.ts";

export interface StorySize {
  readonly hosts: number;
  readonly hours: number;
}

const minute = 60_000;
const hour = 60 * minute;

type What = StoryEvent extends infer One
  ? One extends StoryEvent
    ? Omit<One, "atMs">
    : never
  : never;
type Draw = (pick: Picker) => What;

interface Picker {
  readonly random: SeededRandom;
  readonly hosts: number;
  readonly managers: 1 | 2;
}

/** What happens, each as often as it weighs. */
const draws: readonly { readonly weight: number; readonly draw: Draw }[] = [
  {
    weight: 12,
    draw: (at) => ({ do: "start", host: host(at), by: person(at), action: action(at) }),
  },
  {
    weight: 3,
    draw: (at) => ({
      do: "plan",
      hosts: someHosts(at),
      by: person(at),
      action: action(at),
    }),
  },
  {
    weight: 5,
    draw: (at) => ({
      do: "change-mind",
      host: host(at),
      by: person(at),
      verb: at.random.pick(["cancel", "cancel", "pause", "resume"]),
    }),
  },
  {
    weight: 1,
    draw: (at) => ({
      do: "change-plan",
      by: person(at),
      verb: at.random.pick(["cancel", "pause", "resume"]),
    }),
  },
  {
    weight: 3,
    draw: (at) => ({
      do: "hold",
      host: host(at),
      by: person(at),
      kind: at.random.pick(["cordon", "protect", "power-lockout", "legal"]),
      forMs: at.random.chance(0.7) ? upTo(at, hour) : null,
    }),
  },
  {
    weight: 6,
    draw: (at) => ({
      do: "release-hold",
      host: host(at),
      by: person(at),
      kind: at.random.pick(["cordon", "cordon", "protect", "power-lockout", "legal"]),
    }),
  },
  {
    weight: 4,
    draw: (at) => ({
      do: "claim",
      host: host(at),
      evacuation: at.random.pick(evacuationStrategies),
      notice: at.random.pick(["none", "none", "hour"]),
      share: at.random.chance(0.8) ? "shared" : "exclusive",
    }),
  },
  { weight: 4, draw: (at) => ({ do: "end-lease", host: host(at) }) },
  { weight: 1, draw: (at) => ({ do: "confirm-off", host: host(at), by: person(at) }) },
  { weight: 4, draw: (at) => ({ do: "look-at-domains", by: person(at) }) },
  { weight: 0.3, draw: (at) => ({ do: "revoked", host: host(at), by: person(at) }) },
  {
    weight: 2,
    draw: (at) => ({ do: "manager-killed", seat: seat(at), downMs: upTo(at, 2 * minute) }),
  },
  {
    weight: 4,
    draw: (at) => ({
      do: "manager-killed-at",
      seat: seat(at),
      point: at.random.pick(failPoints as readonly [string, ...string[]]),
      downMs: upTo(at, minute),
    }),
  },
  {
    weight: 4,
    draw: (at) => ({
      do: "manager-stopped-at-await",
      seat: seat(at),
      nth: 1 + at.random.below(60),
      moment: at.random.pick(["ask", "answer"]),
      how: at.random.pick(["killed", "paused"]),
      forMs: upTo(at, 3 * minute),
    }),
  },
  {
    weight: 3,
    draw: (at) => ({ do: "manager-paused", seat: seat(at), forMs: upTo(at, 6 * minute) }),
  },
  {
    weight: 1,
    draw: (at) => ({ do: "manager-clock", seat: seat(at), byMs: jump(at, hour) }),
  },
  {
    weight: 0.5,
    draw: (at) => ({
      do: "store-restored",
      ageMs: at.random.chance(0.3) ? 24 * hour : upTo(at, 2 * hour),
      isMarked: at.random.chance(0.5),
      acknowledgeMs: upTo(at, 10 * minute),
    }),
  },
  { weight: 3, draw: (at) => ({ do: "agent-killed", host: host(at), downMs: upTo(at, minute) }) },
  {
    weight: 6,
    draw: (at) => ({
      do: "agent-killed-at",
      host: host(at),
      point: at.random.pick(orderFailPoints),
    }),
  },
  {
    weight: 3,
    draw: (at) => ({
      do: "agent-killed-at-answer",
      host: host(at),
      nth: 1 + at.random.below(8),
    }),
  },
  {
    weight: 3,
    draw: (at) => ({
      do: "orders-torn",
      host: host(at),
      how: at.random.pick(["before-rename", "after-rename"]),
    }),
  },
  {
    weight: 2,
    draw: (at) => ({ do: "orders-disk-full", host: host(at), forMs: upTo(at, 15 * minute) }),
  },
  { weight: 3, draw: (at) => ({ do: "power-cut", host: host(at), offMs: upTo(at, 5 * minute) }) },
  { weight: 2, draw: (at) => ({ do: "host-clock", host: host(at), byMs: jump(at, 2 * hour) }) },
  { weight: 4, draw: work },
  {
    weight: 2,
    draw: (at) => ({ do: "adapter-down", host: host(at), forMs: upTo(at, 10 * minute) }),
  },
  { weight: 1, draw: (at) => ({ do: "hold-file", host: host(at), forMs: upTo(at, 10 * minute) }) },
  { weight: 2, draw: (at) => ({ do: "ill", host: host(at), forMs: upTo(at, hour) }) },
  {
    weight: 1,
    draw: (at) => ({
      do: "hostile",
      host: host(at),
      victim: host(at),
      forMs: minute + upTo(at, 10 * minute),
    }),
  },
  { weight: 3, draw: (at) => ({ do: "cut", host: host(at) }) },
  {
    weight: 5,
    draw: (at) => ({
      do: "partition",
      host: at.random.chance(0.85) ? host(at) : null,
      partition: at.random.pick(["to-agent", "to-manager", "both"]),
      forMs: upTo(at, 6 * minute),
    }),
  },
  {
    weight: 5,
    draw: (at) => ({
      do: "bad-wire",
      host: host(at),
      drop: at.random.next() * 0.2,
      duplicate: at.random.next() * 0.4,
      reorder: at.random.next() * 0.4,
      // A slow consumer is a wire on which everything waits.
      delayMsMax: at.random.chance(0.2) ? 20_000 : 1 + at.random.below(5_000),
      forMs: upTo(at, 20 * minute),
    }),
  },
];

const total = draws.reduce((sum, { weight }) => sum + weight, 0);

/** Draws everything that will happen from the seed, before anything does. */
export function drawStory(seed: number, size: StorySize): Story {
  const random = createSeededRandom(seed).fork("story");
  const spanMs = Math.round(size.hours * hour);
  const managers = random.chance(0.5) ? 2 : 1;
  const at: Picker = { random, hosts: size.hosts, managers };
  const events: StoryEvent[] = [];
  for (let index = 0; index < size.hosts; index += 1)
    for (let count = random.below(3); count >= 0; count -= 1)
      events.push({ atMs: 0, ...work(at), host: index } as StoryEvent);
  const count = Math.round(4 + size.hosts * size.hours * densityOf(size.hours));
  for (let drawn = 0; drawn < count; drawn += 1)
    events.push({ atMs: Math.floor(random.next() * spanMs), ...one(at) } as StoryEvent);
  events.sort((left, right) => left.atMs - right.atMs);
  return { seed, hosts: size.hosts, spanMs, managers, events };
}

/** Events for each host and hour: a short story is a dense one. */
function densityOf(hours: number): number {
  return Math.max(1.5, 12 / Math.max(1, Math.sqrt(hours)));
}

function one(at: Picker): What {
  let left = at.random.next() * total;
  for (const { weight, draw } of draws) {
    left -= weight;
    if (left < 0) return draw(at);
  }
  return { do: "look-at-domains", by: "ann" };
}

function host({ random, hosts }: Picker): number {
  return random.below(hosts);
}

function someHosts(at: Picker): readonly number[] {
  const count = 1 + at.random.below(Math.max(1, Math.floor(at.hosts / 2)));
  return [...new Set(Array.from({ length: count }, () => host(at)))];
}

function seat({ random, managers }: Picker): Seat {
  return managers === 2 && random.chance(0.4) ? "B" : "A";
}

function person({ random }: Picker): string {
  return random.pick(["ann", "ben", "eve"]);
}

/** Mostly short. */
function upTo({ random }: Picker, maxMs: number): number {
  return Math.floor(random.next() ** 2 * maxMs);
}

function jump(at: Picker, maxMs: number): number {
  return (at.random.chance(0.5) ? 1 : -1) * upTo(at, maxMs);
}

function action(at: Picker): StoryAction {
  const { random } = at;
  switch (random.below(8)) {
    case 0:
    case 1:
      return { kind: "reboot", graceMs: 10_000 };
    case 2:
    case 3:
      return { kind: "return" };
    default:
      return {
        kind: "drain",
        drain: random.pick(["planned", "planned", "degraded", "emergency"]),
        deadlineMs: random.pick([5 * minute, 20 * minute, 2 * hour]),
        force: random.chance(0.3),
        graceMs: random.pick([0, 30_000, 2 * minute]),
      };
  }
}

function work(at: Picker): What & { readonly do: "work" } {
  const { random } = at;
  return {
    do: "work",
    host: host(at),
    name: random.pick(["web", "db", "photo", "cache"]),
    manner: random.chance(0.6) ? "stops" : random.pick(manners),
    stopMs: random.below(2 * minute),
  };
}
