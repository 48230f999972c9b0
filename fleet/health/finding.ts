import { evidenceLimits } from "./thresholds.ts";
import type { Part } from "./part.ts";
import type { FindingVerdict, Verdict } from "./verdict.ts";

/** What is wrong with one part of a host, by one rule. */
export interface Finding {
  readonly rule: string;
  readonly verdict: FindingVerdict;
  readonly component: Part;
  /** In words, with numbers and units. */
  readonly detail: string;
  /** When it was raised, unix ms of the manager. */
  readonly sinceMs: number;
  /** When it was last judged on a reading of its part. */
  readonly seenMs: number;
  /** True where the part no longer shows what it showed: the finding is old and ages out. */
  readonly isStale: boolean;
  /** What would end it. */
  readonly clearsWhen: string;
}

/** What health says of one host now. A new object whenever something in it changes. */
export interface HealthView {
  readonly verdict: Verdict;
  /** Worst first, then oldest. */
  readonly findings: readonly Finding[];
  /** By rule, how many parts it judged at last; a rule that is not in here saw no evidence. */
  readonly judged: Readonly<Record<string, number>>;
  /** When evidence was last judged; null: there was none yet. */
  readonly judgedMs: number | null;
}

export type FindingChange =
  | { readonly kind: "raised" | "worse" | "better"; readonly finding: Finding }
  /** `gone`: the part is not shown any more; `aged`: the host was silent for too long. */
  | { readonly kind: "cleared" | "gone" | "aged"; readonly finding: Finding };

export const unjudged: HealthView = {
  verdict: "unknown",
  findings: [],
  judged: {},
  judgedMs: null,
};

/** How long a finding whose part is not seen is kept, in words. */
export const agesOutWords = `dropped when it has not been seen for ${evidenceLimits.goneMsMax / 3_600_000} h, or ${evidenceLimits.agedMsMax / 3_600_000} h while the host is silent`;
