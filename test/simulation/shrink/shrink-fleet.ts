import { type FleetStory, playFleet } from "#test/simulation/fleet/fleet-story.ts";
import type { Finding, Rule, RuleName } from "#test/simulation/invariants/checker.ts";
import { smallestPart } from "./delta-debug.ts";

export interface ShrunkFleet {
  readonly story: FleetStory;
  readonly finding: Finding;
  /** How many fleets were played for it. */
  readonly tries: number;
}

const hostsMin = 5;
const hoursMin = 1;

/**
 * The smallest fleet that it finds which still breaks the same rule: of fewer hosts, for less time, with
 * fewer deeds and faults. What is left out changes what the later ones draw, so that each candidate is a
 * life of its own; the one that is answered was played, and breaks the rule. null: the story breaks none.
 */
export async function shrinkFleet(
  story: FleetStory,
  options: {
    readonly rules?: readonly Rule[];
    readonly rule?: RuleName;
    readonly triesMax?: number;
  } = {},
): Promise<ShrunkFleet | null> {
  let left = options.triesMax ?? 150;
  let tries = 0;
  let { rule } = options;
  let best: { story: FleetStory; finding: Finding; deeds: readonly string[] } | null = null;
  const breaks = async (candidate: FleetStory): Promise<boolean> => {
    left -= 1;
    tries += 1;
    const deeds: string[] = [];
    const { findings } = await playFleet(candidate, {
      ...(options.rules !== undefined && { rules: options.rules }),
      onDeed: (name) => deeds.push(name),
    });
    const finding = findings.find((one) => rule === undefined || one.rule === rule);
    if (finding === undefined) return false;
    rule = finding.rule;
    best = { story: candidate, finding, deeds };
    return true;
  };
  if (!(await breaks(story))) return null;
  const smallest = (): FleetStory => (best as { story: FleetStory } | null)?.story ?? story;

  for (let share = 0.5; share > 0.1; share /= 2) {
    const shorter = (): number => Math.ceil(smallest().hours * (1 - share));
    while (left > 0 && shorter() >= hoursMin && shorter() < smallest().hours)
      if (!(await breaks({ ...smallest(), hours: shorter() }))) break;
    const fewer = (): number => Math.ceil(smallest().hosts * (1 - share));
    while (left > 0 && fewer() >= hostsMin && fewer() < smallest().hosts)
      if (!(await breaks({ ...smallest(), hosts: fewer() }))) break;
  }
  await smallestPart(
    (best as { deeds: readonly string[] } | null)?.deeds ?? [],
    (only) => breaks({ ...smallest(), only }),
    Math.max(0, left),
  );
  return best === null ? null : { ...(best as { story: FleetStory; finding: Finding }), tries };
}
