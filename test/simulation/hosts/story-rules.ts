import { allRules } from "#test/simulation/invariants/all-rules.ts";
import type { Rule } from "#test/simulation/invariants/checker.ts";
import { hostRules } from "#test/simulation/invariants/host-rules.ts";

/** Nobody freezes there, none is quarantined, and no few hosts are a domain: test/simulation/fleet has them. */
const onlyOfFleets = new Set(["brake", "freeze", "quarantine"]);

/** Every rule that a story with whole agents is judged by. */
export const hostStoryRules: readonly Rule[] = [
  ...allRules.filter(({ name }) => !onlyOfFleets.has(name)),
  ...hostRules,
];
