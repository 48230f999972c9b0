import type { Attribute, Series } from "#proto/messages/series.ts";
import type { HostWide } from "#proto/vocabulary/metric-definition.ts";
import { type MetricName, metrics } from "#proto/vocabulary/metrics.ts";
import type { DictionaryView } from "./dictionaries.ts";
import { isHostWide, mayAdd } from "./host-wide.ts";

/** A column of a dictionary that an answer needs. */
export interface WantedColumn {
  readonly column: number;
  readonly series: Series;
  /** Value of the attribute that the answer is split by; empty where it is not split. */
  readonly group: string;
}

export function wantedColumns(
  view: DictionaryView,
  metric: MetricName,
  by: string | null,
): readonly WantedColumn[] {
  const wanted: WantedColumn[] = [];
  for (const column of view.byMetric.get(metric) ?? []) {
    const series = view.series[column];
    if (!series) continue;
    const group = groupOf(series, by);
    if (group !== undefined) wanted.push({ column, series, group });
  }
  return wanted;
}

/** undefined: the series has no part in the answer. */
function groupOf(series: Series, by: string | null): string | undefined {
  if (by === null) return isHostWide(metrics[series.metric].hostWide, series) ? "" : undefined;
  return series.attributes.find(({ key }) => key === by)?.value;
}

/**
 * How the series of one group become one. Where the host-wide figure is a series of its own, so may
 * be the group's (the one that has no other attribute); else it is the mean.
 */
export function groupRule(metric: MetricName, by: string | null): HostWide {
  const rule = metrics[metric].hostWide;
  if (rule === "one-source") return "sum";
  return by !== null && rule === "whole" ? "mean" : rule;
}

/** Of a group, the series that are combined. */
export function chooseMembers<Track extends { readonly series: Series }>(
  tracks: readonly Track[],
  metric: MetricName,
  by: string | null,
): readonly Track[] {
  const rule = metrics[metric].hostWide;
  // No figure is better than a watt that was added twice.
  if (rule === "one-source" && !mayAdd(tracks.map(({ series }) => series))) return [];
  if (by === null || rule !== "whole") return tracks;
  const plain = tracks.filter(({ series }) => series.attributes.length === 1);
  return plain.length > 0 ? plain : tracks;
}

export function groupAttributes(by: string | null, group: string): readonly Attribute[] {
  return by === null ? [] : [{ key: by, value: group }];
}

/** Numbers by size, before words. */
export function compareGroups(left: string, right: string): number {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== b) return a - b;
  return left < right ? -1 : left > right ? 1 : 0;
}

function numberOf(text: string): number {
  return /^[0-9]{1,9}$/.test(text) ? Number(text) : Number.MAX_SAFE_INTEGER;
}
