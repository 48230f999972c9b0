import { type FleetStory, playFleet } from "./fleet/fleet-story.ts";
import { FleetStopped } from "./fleet/run-fleet.ts";
import type { Seen } from "./invariants/seen.ts";
import { shrinkFleet } from "./shrink/shrink-fleet.ts";
import { writeStory } from "./story-file.ts";

const tailLines = 40;

/**
 * Plays one fleet and tells what was found; `until`: stops after so many things that were seen, and
 * shows the last of them. Answers whether every rule held.
 */
export async function replayFleet(
  story: FleetStory,
  until: number | undefined,
  say: (line: string) => void,
): Promise<boolean> {
  let steps = 0;
  let tail: string[] = [];
  const isEnough = (): boolean => steps >= (until ?? Infinity);
  const watch = (seen: Seen): void => {
    if (isEnough()) return;
    steps += 1;
    tail.push(`step ${steps} ${tellSeen(seen)}`);
    if (tail.length > 2 * tailLines) tail = tail.slice(-tailLines);
  };
  try {
    const run = await playFleet(story, { watch, ...(until !== undefined && { isEnough }) });
    for (const { rule, words } of run.findings) say(`BROKEN ${rule}: ${words}`);
    say(`seed ${story.seed}: ${steps} steps, hash ${run.hash}`);
    return run.findings.length === 0;
  } catch (error) {
    if (!(error instanceof FleetStopped)) throw error;
    for (const line of tail.slice(-tailLines)) say(`  ${line}`);
    return true;
  }
}

/** Looks for the smallest fleet that breaks the same rule, and keeps it in a file. */
export async function replayShrunkFleet(
  story: FleetStory,
  say: (line: string) => void,
): Promise<boolean> {
  const shrunk = await shrinkFleet(story);
  if (shrunk === null) {
    say(`seed ${story.seed} breaks no rule: there is nothing to shrink`);
    return true;
  }
  const { hosts, hours, only } = shrunk.story;
  say(`${hosts} hosts, ${hours} hours, in which these happen: ${only?.join(", ") ?? "all"}`);
  say(`BROKEN ${shrunk.finding.rule}: ${shrunk.finding.words}`);
  say(
    `after ${shrunk.tries} tries; play it again: npm run simulate -- --story ${writeStory(shrunk.story)}`,
  );
  return false;
}

function tellSeen(seen: Seen): string {
  return `${new Date(seen.atMs).toISOString()} ${JSON.stringify(seen).slice(0, 200)}`;
}
