import type { Grade } from "./grade.ts";
import type { FindingMemory, LevelMemory } from "./host-memory.ts";
import { type FindingVerdict, findingVerdicts, rankOf } from "./verdict.ts";

export interface Timing {
  readonly holdMs: number;
  readonly clearMs: number;
}

/**
 * Moves one finding on by `elapsedMs` of watched time. Each level is a switch of its own: it turns on
 * when it has shown for the hold time without a break, and off when it has been below its lower bound
 * for the clear time without a break. So values that alternate faster than these turn nothing.
 */
export function stepFinding(
  finding: Pick<FindingMemory, "levels">,
  grade: Grade,
  elapsedMs: number,
  { holdMs, clearMs }: Timing,
): void {
  for (const verdict of findingVerdicts) {
    const isOn = rankOf(grade.level) >= rankOf(verdict);
    const isOff = rankOf(grade.floor) < rankOf(verdict);
    const known = finding.levels[verdict];
    if (known === undefined && !isOn) continue;
    const level = known ?? { isRaised: false, towardMs: 0 };
    const isToward = level.isRaised ? isOff : isOn;
    if (!isToward) level.towardMs = 0;
    // The moment that first shows it ends no time: what went before was not like this.
    else if (known === undefined || level.towardMs === 0) level.towardMs = 1;
    else level.towardMs += elapsedMs;
    const neededMs = level.isRaised ? clearMs : holdMs;
    if (isToward && level.towardMs >= neededMs) turn(level);
    if (level.isRaised || level.towardMs > 0) finding.levels[verdict] = level;
    else delete finding.levels[verdict];
  }
}

function turn(level: LevelMemory): void {
  level.isRaised = !level.isRaised;
  level.towardMs = 0;
}

/** The worst level that is raised; null: none. */
export function raisedVerdict({ levels }: Pick<FindingMemory, "levels">): FindingVerdict | null {
  let worst: FindingVerdict | null = null;
  for (const verdict of findingVerdicts) if (levels[verdict]?.isRaised) worst = verdict;
  return worst;
}

/** Nothing is raised and nothing is on its way: it need not be remembered. */
export function isIdle({ levels }: Pick<FindingMemory, "levels">): boolean {
  return findingVerdicts.every((verdict) => levels[verdict] === undefined);
}
