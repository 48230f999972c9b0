/** How bad a finding is. `degraded`: it works, with less; `failing`: about to fail; `failed`: it has. */
export const findingVerdicts = ["degraded", "failing", "failed"] as const;
export type FindingVerdict = (typeof findingVerdicts)[number];

/** Of a host as a whole. `unknown`: no evidence that any rule can judge. */
export type Verdict = "ok" | FindingVerdict | "unknown";

const ranks = { degraded: 1, failing: 2, failed: 3 } as const;

/** 0 for no finding. */
export function rankOf(verdict: FindingVerdict | null): number {
  return verdict === null ? 0 : ranks[verdict];
}

export function worstOf(verdicts: Iterable<FindingVerdict>): FindingVerdict | null {
  let worst: FindingVerdict | null = null;
  for (const verdict of verdicts) if (rankOf(verdict) > rankOf(worst)) worst = verdict;
  return worst;
}
