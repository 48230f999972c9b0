import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drawStory } from "./hosts/draw-story.ts";
import { playStory } from "./hosts/play-story.ts";
import { tellStory } from "./hosts/story-words.ts";
import type { Story } from "./hosts/story.ts";
import { replayFleet, shrinkFleet } from "./replay-fleet.ts";
import type { SimulationKind } from "./replay-command.ts";
import { runSimulation } from "./run-simulation.ts";
import { shrinkStory } from "./shrink/shrink-story.ts";

export interface ReplayAsk {
  readonly kind: SimulationKind;
  readonly seed: number;
  readonly count: number;
  readonly hosts: number | undefined;
  readonly hours: number | undefined;
  readonly until: number | undefined;
  readonly storyFile: string | undefined;
  readonly isShrunk: boolean;
}

/** As in the tests, where nobody says otherwise. */
export const usualSize = {
  hosts: { hosts: 5, hours: 1 },
  fleet: { hosts: 60, hours: 24 },
} as const;
const tailLines = 40;

/** Plays seeds and tells what was found; answers whether every rule held. */
export async function replay(ask: ReplayAsk, say: (line: string) => void): Promise<boolean> {
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
      const size = {
        hosts: ask.hosts ?? usualSize.fleet.hosts,
        hours: ask.hours ?? usualSize.fleet.hours,
      };
      if (ask.isShrunk) return shrinkFleet(ask.seed, size, say);
      return replayFleet(ask.seed, size, ask.until, say);
    }
    case "hosts":
      return replayHosts(ask, say);
  }
}

async function replayHosts(ask: ReplayAsk, say: (line: string) => void): Promise<boolean> {
  const size = {
    hosts: ask.hosts ?? usualSize.hosts.hosts,
    hours: ask.hours ?? usualSize.hosts.hours,
  };
  const story: Story =
    ask.storyFile === undefined
      ? drawStory(ask.seed, size)
      : (JSON.parse(readFileSync(ask.storyFile, "utf8")) as Story);
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
  const path = join(mkdtempSync(join(tmpdir(), "wws-story-")), "story.json");
  writeFileSync(path, JSON.stringify(shrunk.story, null, 1));
  for (const line of tellStory(shrunk.story)) say(line);
  say(`BROKEN ${shrunk.finding.rule}: ${shrunk.finding.words}`);
  say(`after ${shrunk.tries} tries; play it again: npm run simulate -- --story ${path}`);
  return false;
}
