import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { TelemetryAnswer } from "#fleet/api/telemetry-schemas.ts";
import type { TimeRange } from "../../address/time-range.ts";
import { apiGet } from "../../api/client.ts";
import { useLiveRefresh } from "../../api/live.tsx";
import { managerNowMs } from "../../api/manager-clock.ts";
import { type ChartData, type RangeAnswers, shapeChart } from "../../chart/chart-data.ts";
import { mergeAnswers, resumeFrom } from "../../chart/merge-answers.ts";
import type { ChartSpec } from "./chart-specs.ts";

/** A silent host's window moves on too, so that its gap is seen to grow. */
const wholeEveryMs = 30_000;
const coarseEveryMsMin = 5_000;

/**
 * One chart's data over the range. A range that ends now grows: second by second by asking for the
 * newest points only, in coarser steps by asking again when a step has passed.
 */
export function useRangeData(hostId: string, spec: ChartSpec, range: TimeRange) {
  const queries = useQueryClient();
  const stepMs = Math.max(range.stepMs, spec.stepMsMin ?? 0);
  const isFine = stepMs === 1_000;
  const queryKey = ["telemetry", hostId, spec.metric, spec.by, range];
  const isGrowing = range.kind === "last" || range.toMs > managerNowMs() - 60_000;
  const answers = useQuery({
    queryKey,
    queryFn: ({ signal }) => askAll({ hostId, spec, range, stepMs }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: isGrowing ? wholeEveryMs : false,
    staleTime: isGrowing ? 1_000 : Number.POSITIVE_INFINITY,
  });

  const grow = async (): Promise<void> => {
    const known = queries.getQueryData<RangeAnswers>(queryKey);
    if (range.kind !== "last" || !isFine || known === undefined) {
      await queries.invalidateQueries({ queryKey });
      return;
    }
    const newer = await ask(hostId, spec, {
      stat: "mean",
      from: String(resumeFrom(known.mean)),
      stepMs,
    });
    queries.setQueryData<RangeAnswers>(queryKey, (now) =>
      now === undefined ? now : { ...now, mean: mergeAnswers(now.mean, newer, range.spanMs) },
    );
  };
  useLiveRefresh(
    (event) => isGrowing && event.kind === "host-telemetry" && event.hostId === hostId,
    // A question that fails is asked again with the next event; the link state says what is wrong.
    () => void grow().catch(() => undefined),
    isFine ? 500 : Math.max(coarseEveryMsMin, stepMs),
  );

  const data = useMemo(
    (): ChartData | undefined =>
      answers.data === undefined ? undefined : shapeChart(answers.data, spec.nameOf),
    [answers.data, spec],
  );
  return { data, error: answers.error, isFetching: answers.isFetching, refetch: answers.refetch };
}

async function askAll(
  asked: {
    readonly hostId: string;
    readonly spec: ChartSpec;
    readonly range: TimeRange;
    readonly stepMs: number;
  },
  signal: AbortSignal,
): Promise<RangeAnswers> {
  const { hostId, spec, range, stepMs } = asked;
  const span =
    range.kind === "last"
      ? { from: `-${range.spanMs / 1_000}s` }
      : { from: String(range.fromMs), to: String(range.toMs) };
  const of = (stat: Stat) => ask(hostId, spec, { ...span, stat, stepMs }, signal);
  // A step of one second holds one point: its extremes are itself.
  if (stepMs === 1_000) return { mean: await of("mean"), min: null, max: null };
  const [mean, min, max] = await Promise.all([of("mean"), of("min"), of("max")]);
  return { mean, min, max };
}

type Stat = "mean" | "min" | "max";

function ask(
  hostId: string,
  spec: ChartSpec,
  asked: {
    readonly from: string;
    readonly to?: string;
    readonly stepMs: number;
    readonly stat: Stat;
  },
  signal?: AbortSignal,
): Promise<TelemetryAnswer> {
  const query = new URLSearchParams({
    metric: spec.metric,
    from: asked.from,
    step: String(asked.stepMs),
  });
  if (asked.to !== undefined) query.set("to", asked.to);
  if (spec.by !== null) query.set("by", spec.by);
  query.set("stat", asked.stat);
  return apiGet<TelemetryAnswer>(`/hosts/${encodeURIComponent(hostId)}/telemetry?${query}`, signal);
}
