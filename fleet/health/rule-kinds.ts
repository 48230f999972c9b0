import type { LatestValue } from "#fleet/telemetry/telemetry.ts";
import type { MetricName } from "#proto/vocabulary/metrics.ts";
import { type Grade, gradeCount } from "./grade.ts";
import { noteGrowth } from "./growth.ts";
import type { HealthRule, Observation } from "./health-rule.ts";
import { attributeOf, partIdOf } from "./part.ts";
import type { CountBounds } from "./thresholds.ts";

/** What every rule says of itself. */
export type RuleFacts = Omit<HealthRule, "metrics" | "isQuiet" | "judge">;

/** A rule that looks at the newest value of each series of one metric, and at nothing else. */
export function valueRule(
  facts: RuleFacts & {
    readonly metric: MetricName;
    /** Only of series with these attributes. */
    readonly where?: Readonly<Record<string, string>>;
    readonly grade: (value: number) => Grade;
    readonly words: (value: number) => string;
  },
): HealthRule {
  const { metric, where = {}, grade, words, ...rest } = facts;
  const wanted = Object.entries(where);
  return {
    ...rest,
    metrics: [metric],
    isQuiet: (_, value) => grade(value).floor === null,
    judge: ({ values }) =>
      values(metric)
        .filter((of) => hasAll(of, wanted))
        .map((of) => observe(of, grade(of.value), () => words(of.value))),
  };
}

/** A rule about a count: how high it is, and how much it grew in the last 24 hours. */
export function countRule(
  facts: RuleFacts & {
    readonly metric: MetricName;
    readonly where: Readonly<Record<string, string>>;
    readonly bounds: CountBounds;
    /** What is counted: `reallocated sectors`. */
    readonly counted: string;
    /** The count begins at 0 with each boot. */
    readonly restarts?: boolean;
  },
): HealthRule {
  const { metric, where, bounds, counted, restarts = false, ...rest } = facts;
  const wanted = Object.entries(where);
  return {
    ...rest,
    metrics: [metric],
    // A count that moves has grown.
    isQuiet: () => false,
    judge: ({ values, nowMs }, book) => {
      const counts = newestByPast(rest.name, values(metric), where, wanted);
      return [...counts].map(([key, of]) => {
        const grown = noteGrowth(book, key, of.value, { nowMs, restarts });
        const words = (): string =>
          grown > 0
            ? `${counted}: ${of.value}, ${grown} of them in the last 24 h`
            : `${counted}: ${of.value}, none new in the last 24 h`;
        return observe(of, gradeCount(of.value, grown, bounds), words);
      });
    },
  };
}

/**
 * The series of one count, and of several that have one past the newest: under the name that a disk
 * had before the boot its old count stands beside the new one for a while, and the two in turn would
 * look like a count that grows at every look.
 */
function newestByPast(
  rule: string,
  values: readonly LatestValue[],
  where: Readonly<Record<string, string>>,
  wanted: readonly (readonly [string, string])[],
): ReadonlyMap<string, LatestValue> {
  const newest = new Map<string, LatestValue>();
  for (const of of values) {
    if (!hasAll(of, wanted) || of.value < 0) continue;
    const key = pastKey(rule, of, where);
    const known = newest.get(key);
    if (known === undefined || known.observedMs <= of.observedMs) newest.set(key, of);
  }
  return newest;
}

export function observe(of: LatestValue, grade: Grade, detail: () => string): Observation {
  return { partId: partIdOf(of.series), of, level: grade.level, floor: grade.floor, detail };
}

/**
 * Tells series of one rule apart. Names and parents are not in it: a disk that is sda today may be sdb
 * after the next boot, and its past is still its own.
 */
function pastKey(rule: string, { series }: LatestValue, where: Readonly<Record<string, string>>) {
  const more = series.attributes
    .filter(({ key }) => !passing.has(key) && !Object.hasOwn(where, key))
    .map(({ key, value }) => `|${key}=${value}`);
  return `${rule}|${partIdOf(series)}${more.join("")}`;
}

const passing: ReadonlySet<string> = new Set([
  "hw.id",
  "hw.name",
  "hw.parent",
  "hw.type",
  "network.interface.name",
]);

export function hasAll(
  { series }: LatestValue,
  wanted: readonly (readonly [string, string])[],
): boolean {
  return wanted.every(([key, value]) => attributeOf(series, key) === value);
}

export const percentWords = (share: number): string => `${roundTo(share * 100, 1)} %`;

export function roundTo(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

/** Where a count rule's finding ends by itself. */
export const stopsGrowing = "24 h without a new one";
