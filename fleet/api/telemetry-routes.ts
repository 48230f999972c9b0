import { type Static, Type } from "typebox";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { LatestView, QueryProblem, Telemetry } from "#fleet/telemetry/telemetry.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { findMetric, type MetricName, metrics } from "#proto/vocabulary/metrics.ts";
import { hostParams, requireHost } from "./find-host.ts";
import { nearestNames } from "./near-names.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { telemetrySchema } from "./telemetry-schemas.ts";
import { pointsByDefaultMax, readTimeRange } from "./time-range.ts";

export const telemetryStats = [
  "mean",
  "min",
  "max",
  "last",
  "sum",
  "count",
  "p50",
  "p95",
  "p99",
] as const;

const time = "unix milliseconds, or relative to now: -90s, -15m, -6h, -2d";

export const telemetryQuery = Type.Object(
  {
    metric: Type.String({
      maxLength: 128,
      description: "an OpenTelemetry name",
      examples: ["system.cpu.utilization"],
    }),
    from: Type.Optional(
      Type.String({ maxLength: 32, description: `${time}; -15m where not said` }),
    ),
    to: Type.Optional(
      Type.String({ maxLength: 32, description: `${time}; the newest point where not said` }),
    ),
    step: Type.Optional(
      Type.String({
        maxLength: 16,
        description: `1s, 10s, 5m, 1h, or milliseconds; where not said at most ${pointsByDefaultMax} points`,
      }),
    ),
    by: Type.Optional(
      Type.String({
        pattern: "^[a-z0-9_.]{1,64}$",
        description: "attribute to split by: cpu.mode, cpu.logical_number, system.device …",
      }),
    ),
    stat: Type.Optional(
      Type.Enum(telemetryStats, {
        description: "what stands for a step that holds several points; mean where not said",
      }),
    ),
  },
  { additionalProperties: false },
);

export function createTelemetryRoutes(parts: {
  readonly inventory: Inventory;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
}): readonly Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/hosts/:id/telemetry",
      access: { who: "person", may: "read", of: "host" },
      tag: "hosts",
      summary: "What a host measured",
      description:
        "One metric over a time. Without `by` one host-wide series. `null` is *not seen*, never zero; " +
        "`coverage` is the share of expected points seen, and `gaps` says what is known of the rest. " +
        "`hw.host.power` comes from one source at a time: where it changed, `parts` says when, and no " +
        "step holds two. " +
        "Counters are answered per second.",
      params: hostParams,
      query: telemetryQuery,
      answer: { status: 200, description: "the series", schema: telemetrySchema },
      problems: [
        "host-unknown",
        "metric-unknown",
        "time-range-invalid",
        "split-unknown",
        "too-many-points",
      ],
      async handle({ params, query, signal }) {
        const host = await requireHost(parts.inventory, params.id);
        return answerTelemetry({ ...parts, hostId: host.id, query, signal });
      },
    }),
  ];
}

async function answerTelemetry(ask: {
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly hostId: HostId;
  readonly query: Static<typeof telemetryQuery>;
  readonly signal: AbortSignal;
}): Promise<Static<typeof telemetrySchema>> {
  const { telemetry, hostId, query } = ask;
  const metric = requireMetric(query.metric);
  const latest = telemetry.latest(hostId);
  const range = readTimeRange(query, {
    nowMs: ask.clock.nowUnixMs(),
    newestMs: latest?.observedMs ?? null,
  });
  if (query.by !== undefined) checkSplit(query.by, metric, latest);
  const answer = await telemetry.query({
    hostId,
    metric,
    ...range,
    by: query.by ?? null,
    stat: query.stat ?? "mean",
    signal: ask.signal,
  });
  if (!answer.ok) throw explain(answer.problem);
  const gaps = await telemetry.gaps(hostId, range.fromMs, range.toMs);
  return {
    metric,
    unit: answer.value.unit,
    from: range.fromMs,
    to: range.toMs,
    step: range.stepMs,
    series: answer.value.series.map((series) => ({
      attributes: Object.fromEntries(series.attributes.map(({ key, value }) => [key, value])),
      points: series.points.map(([timeMs, value]): [number, number | null] => [timeMs, value]),
      coverage: series.coverage,
      ...(series.parts === undefined
        ? {}
        : {
            parts: series.parts.map(({ fromMs, toMs, attributes }) => ({
              from: fromMs,
              to: toMs,
              attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, value])),
            })),
          }),
    })),
    coverage: answer.value.coverage,
    gaps: gaps.map((gap) => ({ from: gap.fromMs, to: gap.toMs, reason: gap.reason })),
  };
}

function requireMetric(name: string): MetricName {
  if (findMetric(name) !== undefined) return name as MetricName;
  const near = nearestNames(name, Object.keys(metrics));
  throw new ApiError("metric-unknown", `there is no metric "${name}"`, {
    ...(near.length === 0 ? {} : { hint: `did you mean ${near.join(" or ")}?` }),
  });
}

/** Only where the host reports the metric now: of what it reported once nothing is known here. */
function checkSplit(by: string, metric: MetricName, latest: LatestView | undefined): void {
  const series = (latest?.values() ?? [])
    .map((value) => value.series)
    .filter((candidate) => candidate.metric === metric);
  if (series.length === 0) return;
  const keys = new Set(series.flatMap((one) => one.attributes.map((attribute) => attribute.key)));
  if (keys.has(by)) return;
  const list = [...keys].sort().join(", ");
  throw new ApiError("split-unknown", `${metric} of this host is not split by "${by}"`, {
    hint: list === "" ? "leave `by` out: there is one series" : `it can be split by ${list}`,
  });
}

function explain(problem: QueryProblem): ApiError {
  switch (problem.kind) {
    case "unknown-metric":
      return new ApiError("metric-unknown", `there is no metric "${problem.metric}"`);
    case "bad-range":
      return new ApiError("time-range-invalid", "the range cannot be answered", problem);
    case "too-many-points":
      return new ApiError(
        "too-many-points",
        `the answer would have ${problem.points} points; at most ${problem.max} are given`,
        problem,
      );
    case "cancelled":
      return new ApiError("shutting-down", "the question was cancelled");
  }
}
