/** Runs seeds until a rule is broken; the last line says which, as JSON. Started by plant.ts. */
import type { Finding, RuleName } from "#test/simulation/invariants/checker.ts";
import { existsSync } from "node:fs";
import { drawStory } from "#test/simulation/hosts/draw-story.ts";
import { playStory } from "#test/simulation/hosts/play-story.ts";
import { tellStory } from "#test/simulation/hosts/story-words.ts";
import { shrinkStory } from "#test/simulation/shrink/shrink-story.ts";
import type { PlantedEnd } from "./plant.ts";
import { runFleetSimulation } from "#test/simulation/fleet/run-fleet.ts";
import { usualSize } from "#test/simulation/replay.ts";

interface Run {
  readonly kind: "hosts" | "fleet";
  readonly seeds: readonly number[];
  readonly hosts?: number;
  readonly hours?: number;
  readonly pace?: number;
  /** Where several are broken at once, this one is told. */
  readonly rule: RuleName;
  /** The smallest story is looked for too (kind hosts). */
  readonly isShrunk: boolean;
}

const run = JSON.parse(process.env["WWS_PLANTED_RUN"] ?? "") as Run;
const size = {
  hosts: run.hosts ?? usualSize[run.kind].hosts,
  hours: run.hours ?? usualSize[run.kind].hours,
};

async function findingsOf(seed: number): Promise<readonly Finding[]> {
  if (run.kind === "hosts") return (await playStory(drawStory(seed, size))).findings;
  const folder = existsSync("/dev/shm") ? "/dev/shm" : null;
  return (
    await runFleetSimulation(seed, size, {
      folder,
      ...(run.pace !== undefined && { pace: run.pace }),
    })
  ).findings;
}

let end: PlantedEnd = { seed: null, rule: null, words: "", story: null };
for (const seed of run.seeds) {
  const findings = await findingsOf(seed);
  const first = findings.find(({ rule }) => rule === run.rule) ?? findings[0];
  if (first === undefined) continue;
  const shrunk = run.isShrunk ? await shrinkStory(drawStory(seed, size), first) : null;
  const story = shrunk === null ? null : tellStory(shrunk.story);
  end = { seed, rule: shrunk?.finding.rule ?? first.rule, words: first.words, story };
  break;
}
process.stdout.write(`${JSON.stringify(end)}\n`, () => process.exit());
