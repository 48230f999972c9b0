import { drawStory } from "./hosts/draw-story.ts";
import { playStory } from "./hosts/play-story.ts";
import { tellStory } from "./hosts/story-words.ts";
import type { Story } from "./hosts/story.ts";
import { replayFleet, replayShrunkFleet } from "./replay-fleet.ts";
import type { SimulationKind } from "./replay-command.ts";
import { runSimulation } from "./run-simulation.ts";
import { shrinkStory } from "./shrink/shrink-story.ts";
import { isFleetStory, readStory, writeStory } from "./story-file.ts";
import type { FleetStory } from "./fleet/fleet-story.ts";

export interface ReplayAsk {
  readonly kind: SimulationKind;
  readonly seed: number;
  readonly count: number;
  readonly hosts: number | undefined;
  readonly hours: number | undefined;
  /** Of a fleet. */
  readonly pace: number | undefined;
  readonly until: number | undefined;
  readonly storyFile: string | undefined;
  readonly isShrunk: boolean;
}

/** As in the tests, where nobody says otherwise. */
export const usualSize = {
  hosts: { hosts: 5, hours: 1 },
  fleet: { hosts: 60, hours: 24, pace: 1 },
} as const;
const tailLines = 40;

/** Plays seeds and tells what was found; answers whether every rule held. */
export async function replay(ask: ReplayAsk, say: (line: string) => void): Promise<boolean> {
  if (ask.storyFile !== undefined) {
    const story = readStory(ask.storyFile);
    return isFleetStory(story) ? replayFleetStory(ask, story, say) : replayHosts(ask, story, say);
  }
  let isWell = true;
  for (let seed = ask.seed; seed < ask.seed + ask.count; seed += 1)
    isWell = (await replayOne({ ...ask, seed }, say)) && isWell;
  return isWell;
}

async function replayOne(ask: ReplayAsk, say: (line: string) => void): Promise<boolean> {
  switch (ask.kind) {
    case "samples": {
      const result = await runSimulation({
        seed: ask.seed,
        hosts: ask.hosts ?? 8,
        faultyMs: (ask.hours ?? 0.25) * 3_600_000,
      });
      say(JSON.stringify(result));
      return result.problems.length === 0;
    }
    case "fleet": {
      const { hosts, hours, pace } = usualSize.fleet;
      const size = {
        hosts: ask.hosts ?? hosts,
        hours: ask.hours ?? hours,
        pace: ask.pace ?? pace,
      };
      return replayFleetStory(ask, { kind: "fleet", seed: ask.seed, ...size, only: null }, say);
    }
    case "hosts": {
      const { hosts, hours } = usualSize.hosts;
      const size = { hosts: ask.hosts ?? hosts, hours: ask.hours ?? hours };
      return replayHosts(ask, drawStory(ask.seed, size), say);
    }
  }
}

function replayFleetStory(
  ask: ReplayAsk,
  story: FleetStory,
  say: (line: string) => void,
): Promise<boolean> {
  return ask.isShrunk ? replayShrunkFleet(story, say) : replayFleet(story, ask.until, say);
}

async function replayHosts(
  ask: ReplayAsk,
  story: Story,
  say: (line: string) => void,
): Promise<boolean> {
  if (ask.isShrunk) return shrinkHosts(story, say);
  const played = await playStory(story, ask.until === undefined ? {} : { until: ask.until });
  if (ask.until !== undefined || played.findings.length > 0) {
    for (const line of tellStory(story)) say(line);
    say("the last steps:");
    for (const line of played.tail.slice(-tailLines)) say(`  ${line}`);
  }
  for (const { rule, words } of played.findings) say(`BROKEN ${rule}: ${words}`);
  say(
    `seed ${story.seed}: ${story.events.length} events, ${played.steps} steps, hash ${played.hash}`,
  );
  return played.findings.length === 0;
}

async function shrinkHosts(story: Story, say: (line: string) => void): Promise<boolean> {
  const shrunk = await shrinkStory(story);
  if (shrunk === null) {
    say(`seed ${story.seed} breaks no rule: there is nothing to shrink`);
    return true;
  }
  for (const line of tellStory(shrunk.story)) say(line);
  say(`BROKEN ${shrunk.finding.rule}: ${shrunk.finding.words}`);
  say(
    `after ${shrunk.tries} tries; play it again: npm run simulate -- --story ${writeStory(shrunk.story)}`,
  );
  return false;
}
