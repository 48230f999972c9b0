import { allRules } from "#test/simulation/invariants/all-rules.ts";
import type { Rule } from "#test/simulation/invariants/checker.ts";
import { hostRules } from "#test/simulation/invariants/host-rules.ts";

/** Every rule that a story with whole agents is judged by. */
export const hostStoryRules: readonly Rule[] = [...allRules, ...hostRules];
