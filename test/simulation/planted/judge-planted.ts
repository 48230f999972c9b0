import type { PlantedBug, PlantedEnd } from "./plant.ts";
import { runPlanted } from "./plant.ts";

/** What ended a bug, and the same seed without it: it must be the bug that was found. */
export interface PlantedJudgement {
  readonly found: PlantedEnd;
  /** null: no seed ended by a rule, so there is nothing to compare. */
  readonly without: PlantedEnd | null;
}

/** Runs without a bug, by what decides them: many bugs are found in the same one. */
const sound = new Map<string, PlantedEnd>();

/** Plays the bug's seeds until one ends by a rule, and that one without the bug. */
export function judgePlanted(bug: PlantedBug): PlantedJudgement {
  const found = runPlanted(bug);
  if (found.seed === null) return { found, without: null };
  const { kind, hosts, hours, pace } = bug;
  const key = JSON.stringify([kind, found.seed, hosts, hours, pace]);
  const without =
    sound.get(key) ?? runPlanted({ ...bug, seeds: [found.seed] }, { isPlanted: false });
  sound.set(key, without);
  return { found, without };
}

/** One bug for each rule: what `npm test` has time for. */
export function oneForEachRule(bugs: readonly PlantedBug[]): readonly PlantedBug[] {
  return bugs.filter(
    ({ killedBy }, at) => bugs.findIndex((other) => other.killedBy === killedBy) === at,
  );
}
