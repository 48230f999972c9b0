import type {
  LatestValue,
  LatestView,
  RangeAnswer,
  RangeQuery,
  ReportedGap,
  Telemetry,
} from "#fleet/telemetry/telemetry.ts";
import type { Attribute, Series } from "#proto/messages/series.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { type MetricName, metrics } from "#proto/vocabulary/metrics.ts";
import { ok } from "#proto/vocabulary/result.ts";
import { unixMs } from "#proto/vocabulary/units.ts";

/** The telemetry port with points that a test puts in one by one; for tests of those who ask it. */
export interface MemoryTelemetry extends Telemetry {
  put(
    hostId: HostId,
    metric: MetricName,
    attributes: Readonly<Record<string, string>>,
    points: readonly (readonly [timeMs: number, value: number])[],
  ): void;
  putGap(hostId: HostId, gap: ReportedGap): void;
}

interface Kept {
  readonly series: Series;
  readonly points: (readonly [number, number])[];
}

export function createMemoryTelemetry(): MemoryTelemetry {
  const hosts = new Map<HostId, Kept[]>();
  const gaps = new Map<HostId, ReportedGap[]>();

  const latest = (hostId: HostId): LatestView | undefined => {
    const kept = hosts.get(hostId);
    if (kept === undefined) return undefined;
    const values: LatestValue[] = kept.flatMap(({ series, points }) => {
      const last = points.at(-1);
      return last === undefined ? [] : [{ series, value: last[1], observedMs: unixMs(last[0]) }];
    });
    const newestMs = unixMs(Math.max(...values.map((value) => value.observedMs)));
    return {
      observedMs: newestMs,
      receivedMs: newestMs,
      values: () => values,
      hostWide: (metric) =>
        join(
          metric,
          values.filter((entry) => entry.series.metric === metric),
        ),
    };
  };

  return {
    put(hostId, metric, attributes, points) {
      const list: Attribute[] = Object.entries(attributes)
        .map(([key, value]) => ({ key, value }))
        .sort((a, b) => (a.key < b.key ? -1 : 1));
      const series = { metric, attributes: list, exponent: 0, quantum: 1, cadenceMs: 1_000 };
      hosts.set(hostId, [...(hosts.get(hostId) ?? []), { series, points: [...points] }]);
    },
    putGap(hostId, gap) {
      gaps.set(hostId, [...(gaps.get(hostId) ?? []), gap]);
    },
    latest,
    query: async (query) => ok(answer(query, hosts.get(query.hostId) ?? [])),
    gaps: async (hostId) => gaps.get(hostId) ?? [],
    knowsDictionary: () => true,
    addDictionary: () => {},
    append: async () => "appended",
    acknowledged: () => [],
    stats: () => ({
      reports: 7,
      samples: 700,
      duplicates: 1,
      bytesOnDisk: 4096,
      hosts: hosts.size,
    }),
    close: async () => {},
  };
}

function answer(query: RangeQuery, kept: readonly Kept[]): RangeAnswer {
  const { metric, by, fromMs, toMs, stepMs } = query;
  const groups = new Map<string, Kept[]>();
  for (const one of kept.filter((candidate) => candidate.series.metric === metric)) {
    const value = one.series.attributes.find((attribute) => attribute.key === by)?.value;
    if (by !== null && value === undefined) continue;
    if (by === null && metrics[metric].hostWide === "whole" && one.series.attributes.length > 0) {
      continue;
    }
    groups.set(value ?? "", [...(groups.get(value ?? "") ?? []), one]);
  }
  const series = [...groups].map(([value, members]) => {
    const points: [ReturnType<typeof unixMs>, number | null][] = [];
    for (let at = fromMs as number; at < toMs; at += stepMs) {
      const seen = members.flatMap((member) =>
        member.points.filter(([timeMs]) => timeMs >= at && timeMs < at + stepMs),
      );
      const sum = seen.reduce((total, [, figure]) => total + figure, 0);
      points.push([unixMs(at), seen.length === 0 ? null : sum / seen.length]);
    }
    const seen = points.filter(([, figure]) => figure !== null).length;
    return {
      attributes: by === null ? [] : [{ key: by, value }],
      points,
      coverage: points.length === 0 ? 0 : seen / points.length,
    };
  });
  const coverage = series.reduce((sum, one) => sum + one.coverage, 0) / Math.max(1, series.length);
  const { unit, kind } = metrics[metric];
  return { metric, unit: kind === "counter" ? `${unit}/s` : unit, series, coverage };
}

function join(metric: MetricName, values: readonly LatestValue[]): number | null {
  const whole = values.find((entry) => entry.series.attributes.length === 0);
  if (metrics[metric].hostWide === "whole") return whole?.value ?? null;
  if (values.length === 0) return null;
  const figures = values.map((entry) => entry.value);
  if (metrics[metric].hostWide === "max") return Math.max(...figures);
  return figures.reduce((sum, figure) => sum + figure, 0);
}
