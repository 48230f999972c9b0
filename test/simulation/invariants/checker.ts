import type { Seen } from "./seen.ts";

/** `L1` … `L9`, `S1` … `S14`, and what the specification demands without a number. */
export type RuleName =
  | `${"L" | "S"}${number}`
  | "brake"
  | "drained"
  | "freeze"
  | "holds"
  | "quarantine";

/** One rule, as a checker that is told what the world saw. It never asks the product anything. */
export interface Rule {
  readonly name: RuleName;
  /** What must hold, in one sentence. */
  readonly says: string;
  /** A fresh judge for one run; it keeps what it needs to remember. */
  begin(watch: RuleWatch): (seen: Seen) => void;
}

/** How a judge says what it saw. */
export interface RuleWatch {
  /** It looked at something that could have been wrong. A rule that never looked has not been checked. */
  look(): void;
  broken(words: string): void;
}

export interface Finding {
  readonly rule: RuleName;
  readonly atMs: number;
  readonly words: string;
}

export interface Rules {
  see(seen: Seen): void;
  readonly findings: readonly Finding[];
  /** How often each rule looked. */
  looks(): Readonly<Record<string, number>>;
  /** Rules that never looked at anything; `but`: those for which this run has no occasion. */
  unlooked(but?: readonly RuleName[]): readonly RuleName[];
}

/** So many findings of one rule are kept; more would say the same. */
const findingsPerRuleMax = 20;

/** Judges of one run, each told of everything. */
export function watchRules(rules: readonly Rule[]): Rules {
  const findings: Finding[] = [];
  let atMs = 0;
  const judges = rules.map((rule) => {
    const count = { looks: 0, findings: 0 };
    const judge = rule.begin({
      look: () => {
        count.looks += 1;
      },
      broken: (words) => {
        count.findings += 1;
        if (count.findings <= findingsPerRuleMax) findings.push({ rule: rule.name, atMs, words });
      },
    });
    return { rule, count, judge };
  });
  return {
    see(seen) {
      atMs = seen.atMs;
      for (const { judge } of judges) judge(seen);
    },
    findings,
    looks: () => {
      const looks: Record<string, number> = {};
      // Two judges of one rule look at two sides of it.
      for (const { rule, count } of judges)
        looks[rule.name] = (looks[rule.name] ?? 0) + count.looks;
      return looks;
    },
    unlooked: (but = []) =>
      judges
        .filter(({ rule, count }) => count.looks === 0 && !but.includes(rule.name))
        .map(({ rule }) => rule.name),
  };
}
