import type { Finding, Rule } from "#test/simulation/invariants/checker.ts";
import { watchRules } from "#test/simulation/invariants/checker.ts";
import type { Seen } from "#test/simulation/invariants/seen.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { enrolHosts } from "./enrol-hosts.ts";
import { createEventPlayer } from "./event-player.ts";
import { createOperators } from "./operators.ts";
import { hostStoryRules } from "./story-rules.ts";
import { openStoryWorld } from "./story-world.ts";
import type { Story } from "./story.ts";
import { tellEnd, tellSaid } from "./tell-kept.ts";
import { createTrace } from "./trace.ts";
import { watchSockets } from "./watch-sockets.ts";
import type { Tell } from "./watched-store.ts";
import type { WorldHost } from "./world-host.ts";

export interface Played {
  readonly findings: readonly Finding[];
  /** Equal for two runs of one story. */
  readonly hash: string;
  readonly steps: number;
  /** How often each rule looked. */
  readonly looks: Readonly<Record<string, number>>;
  readonly tail: readonly string[];
}

/** After all trouble has ended; then nothing may be left that waits without a reason. */
const settleMs = 11 * 60_000;
const sliceMs = 60_000;

/**
 * Plays one story with whole agents and whole managers on virtual time; everything that happens comes
 * from the story and its seed. Stops at the first rule that is broken, or after `until` steps.
 */
export async function playStory(
  story: Story,
  options: { readonly until?: number; readonly rules?: readonly Rule[] } = {},
): Promise<Played> {
  const random = createSeededRandom(story.seed);
  const clock = createVirtualClock();
  const trace = createTrace(() => clock.nowMonotonicMs());
  const rules = watchRules(options.rules ?? hostStoryRules);
  const tell: Tell = (seen) => {
    const stamped = { ...seen, atMs: clock.nowUnixMs() } as Seen;
    if (stamped.kind === "written")
      trace.note(
        `${stamped.manager} writes ${stamped.change.audit.action} of ${stamped.change.audit.subject.name} term ${stamped.change.term}`,
      );
    rules.see(stamped);
    if (stamped.kind === "host-removed") onRemoved(stamped.hostId);
  };
  const world = await openStoryWorld(story, { clock, random, trace, tell });
  const { cell, hosts, answering } = world;
  const hostOf = (index: number): WorldHost => {
    const host = hosts[index];
    if (host === undefined) throw new Error(`there is no host ${index} in this story`);
    return host;
  };
  /** Its key went in the same write, whether or not its manager lived to tell. */
  const onRemoved = (hostId: HostId): void => {
    const host = hosts.find(({ agent }) => agent.facts()?.identity?.hostId === hostId);
    if (host !== undefined) watchSockets(world, host);
  };
  const isOver = (): boolean =>
    rules.findings.length > 0 || trace.steps() >= (options.until ?? Infinity);
  const advance = async (ms: number): Promise<void> => {
    const endMs = clock.nowMonotonicMs() + ms;
    while (clock.nowMonotonicMs() < endMs && !isOver()) {
      await clock.advance(Math.min(sliceMs, endMs - clock.nowMonotonicMs()));
      await tellSaid(world);
    }
  };

  try {
    await enrolHosts(world, story.hosts, (hostId, sinceMs) =>
      rules.see({ kind: "heard", hostId, isHeard: false, atMs: sinceMs }),
    );
    tell({
      kind: "estate",
      ...(await world.watch.contents(cell.store())),
      sites: await cell.store().inventory.listSites(),
      racks: await cell.store().inventory.listRacks(),
    });
    for (const host of hosts) host.tellState();
    const operators = createOperators({
      manager: answering,
      hostId: (index) => hostOf(index).agent.hostId(),
      serial: (index) => hostOf(index).agent.serial,
      isOn: (index) => hostOf(index).agent.isOn(),
      tell,
      note: trace.note,
    });
    const player = createEventPlayer({ ...world, operators });
    const startMs = clock.nowMonotonicMs();
    player.schedule(story.events);
    await advance(startMs + story.spanMs - clock.nowMonotonicMs());
    if (!isOver()) {
      trace.note("calm");
      tell({ kind: "calm" });
      player.calm();
      await advance(settleMs);
    }
    if (!isOver()) await tellEnd(world);
  } finally {
    await world.close();
  }
  return {
    findings: rules.findings,
    hash: trace.hash(),
    steps: trace.steps(),
    looks: rules.looks(),
    tail: trace.tail(2_000),
  };
}
