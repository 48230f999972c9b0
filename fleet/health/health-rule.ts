import type { MetricName } from "#proto/vocabulary/metrics.ts";
import type { LatestValue } from "#fleet/telemetry/telemetry.ts";
import type { GrowthBook } from "./growth.ts";
import type { PartKind } from "./part.ts";
import type { FindingVerdict } from "./verdict.ts";

/** What a rule may look at: what one host shows now. What is too old to speak of now is not in it. */
export interface Evidence {
  /** By the manager's clock. */
  readonly nowMs: number;
  readonly values: (metric: MetricName) => readonly LatestValue[];
  /** Host clock minus manager clock; null: no word from its agent yet. */
  readonly clockOffsetMs: number | null;
}

/** What a rule says of one part now, whatever it said before. */
export interface Observation {
  /** Within its rule: the part's id. */
  readonly partId: string;
  /** Of what it was read; null: of the host as a whole. */
  readonly of: LatestValue | null;
  /** As bad as the bounds for raising say; null: nothing. */
  readonly level: FindingVerdict | null;
  /** As bad as the bounds for clearing say, never less than `level`: between the two nothing changes. */
  readonly floor: FindingVerdict | null;
  /** In words with numbers and units; asked for only where it is shown. */
  readonly detail: () => string;
}

/** One row of the table in all-rules.ts. */
export interface HealthRule {
  readonly name: string;
  /** What it looks at, for people: `reallocated sectors`. */
  readonly looksAt: string;
  readonly metrics: readonly MetricName[];
  /** Kind of part where the series do not say. */
  readonly partKind: PartKind;
  /** So long it must show before it is raised, and so long not before it is cleared. */
  readonly holdMs: number;
  readonly clearMs: number;
  /** What ends a finding, in words. */
  readonly clearsWhen: string;
  /** True of a value by which nothing can begin: a part that goes from one such to another is not judged again. */
  readonly isQuiet: (metric: MetricName, value: number) => boolean;
  readonly judge: (evidence: Evidence, growth: GrowthBook) => readonly Observation[];
}
