import type { Finding, HealthView } from "./finding.ts";
import type { HealthRule } from "./health-rule.ts";
import type { HostMemory } from "./host-memory.ts";
import { raisedVerdict } from "./hysteresis.ts";
import type { Part } from "./part.ts";
import { findingVerdicts, type FindingVerdict, type Verdict } from "./verdict.ts";

/** What the verdict is, by which rules, since when, what was seen, and what would end it. */
export interface HealthExplanation {
  readonly verdict: Verdict;
  readonly judgedMs: number | null;
  readonly findings: readonly Finding[];
  /** What shows, but has not yet shown for as long as its rule wants. */
  readonly pending: readonly PendingFinding[];
  readonly rules: readonly RuleWords[];
}

export interface PendingFinding {
  readonly rule: string;
  readonly verdict: FindingVerdict;
  readonly component: Part;
  readonly detail: string;
  readonly shownMs: number;
  readonly holdMs: number;
}

export interface RuleWords {
  readonly rule: string;
  readonly looksAt: string;
  /** Parts that it judged at last; 0: it saw no evidence, and says nothing. */
  readonly parts: number;
  readonly findings: number;
}

export function explainHealth(
  view: HealthView,
  memory: HostMemory,
  rules: readonly HealthRule[],
): HealthExplanation {
  const pending: PendingFinding[] = [];
  for (const finding of memory.findings.values()) {
    if (raisedVerdict(finding) !== null) continue;
    const rule = rules.find(({ name }) => name === finding.rule);
    const verdict = findingVerdicts.findLast((one) => finding.levels[one] !== undefined);
    if (rule === undefined || verdict === undefined) continue;
    pending.push({
      rule: finding.rule,
      verdict,
      component: finding.part,
      detail: finding.detail,
      shownMs: finding.levels[verdict]?.towardMs ?? 0,
      holdMs: rule.holdMs,
    });
  }
  return {
    verdict: view.verdict,
    judgedMs: memory.judgedMs === 0 ? null : memory.judgedMs,
    findings: view.findings,
    pending,
    rules: rules.map(({ name, looksAt }) => ({
      rule: name,
      looksAt,
      parts: view.judged[name] ?? 0,
      findings: view.findings.filter(({ rule }) => rule === name).length,
    })),
  };
}
