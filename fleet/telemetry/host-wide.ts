import type { Attribute, Series } from "#proto/messages/series.ts";
import type { HostWide } from "#proto/vocabulary/metric-definition.ts";

/**
 * One figure of several series at one instant. A sum counts only when every series that should be
 * in it was seen: half a sum is a wrong figure, not a smaller one. An extreme or a mean is taken of
 * those that were seen.
 */
export function combine(rule: HostWide, seen: readonly number[], expected: number): number | null {
  if (seen.length === 0) return null;
  let sum = 0;
  let max = Number.NEGATIVE_INFINITY;
  let min = Number.POSITIVE_INFINITY;
  for (const value of seen) {
    sum += value;
    if (value > max) max = value;
    if (value < min) min = value;
  }
  if (rule === "max") return max;
  if (rule === "min") return min;
  if (rule === "sum" || rule === "one-source") return seen.length < expected ? null : sum;
  return sum / seen.length;
}

/** Whether a series takes part in the host-wide figure of its metric. */
export function isHostWide(rule: HostWide, series: Series): boolean {
  return rule !== "whole" || series.attributes.length === 0;
}

/** What a series of power was measured with; empty where it does not say. */
export function powerSourceOf({ attributes }: Pick<Series, "attributes">): string {
  return attributes.find(({ key }) => key === "wws.power.source")?.value ?? "";
}

/** Whether figures of these series may be added: not where two instruments may see one watt. */
export function mayAdd(series: Iterable<Pick<Series, "attributes">>): boolean {
  let first: string | null = null;
  for (const one of series) {
    const source = powerSourceOf(one);
    if (first !== null && source !== first) return false;
    first = source;
  }
  return true;
}

/** The same text for the same series, whatever dictionary it stands in. */
export function seriesKey(series: Pick<Series, "metric" | "attributes">): string {
  return JSON.stringify([series.metric, ...series.attributes.flatMap(keyAndValue)]);
}

function keyAndValue({ key, value }: Attribute): readonly string[] {
  return [key, value];
}
