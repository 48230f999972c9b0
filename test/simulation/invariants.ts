import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Telemetry } from "#fleet/telemetry/telemetry.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { metrics, type MetricName } from "#proto/vocabulary/metrics.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { WitnessedSeries } from "#test/support/farm/witness.ts";

/** What must hold of one host at any moment; each finding is a sentence. */
export interface Findings {
  readonly problems: readonly string[];
  /** Points that were compared, so that a check which looked at nothing shows. */
  readonly acknowledgedPoints: number;
  readonly readablePoints: number;
}

const problemsShown = 5;

/**
 * S1: every acknowledged point is readable. S2: nothing is readable that was not sent with that
 * value, and no time has more than one point. `fromMs` to `toMs` covers all that was sent. `stepMs`: of
 * the samples.
 */
export async function checkSamples(
  telemetry: Telemetry,
  host: { readonly id: HostId; readonly name: string; readonly series: readonly WitnessedSeries[] },
  span: { readonly fromMs: number; readonly toMs: number; readonly stepMs?: number },
): Promise<Findings> {
  const problems: string[] = [];
  let acknowledgedPoints = 0;
  let readablePoints = 0;
  for (const track of host.series) {
    const readable = await readTrack(telemetry, host.id, track, span);
    readablePoints += readable.size;
    acknowledgedPoints += track.acknowledged.size;
    for (const at of track.acknowledged) {
      if (!readable.has(at))
        problems.push(
          `S1: ${host.name} ${track.metric} at ${at} was acknowledged and is not readable`,
        );
    }
    for (const [at, value] of readable) {
      const sent = track.sent.get(at);
      if (sent === undefined)
        problems.push(
          `S2: ${host.name} ${track.metric} at ${at} reads ${value} and was never sent`,
        );
      else if (![...sent].some((one) => isSame(one, value)))
        problems.push(
          `S2: ${host.name} ${track.metric} at ${at} reads ${value}, but ${[...sent].join(" or ")} was sent`,
        );
    }
    const counted = await countPoints(telemetry, host.id, track, span);
    if (counted !== readable.size)
      problems.push(
        `S2: ${host.name} ${track.metric} counts ${counted} points where ${readable.size} are readable`,
      );
  }
  return { problems: problems.slice(0, problemsShown), acknowledgedPoints, readablePoints };
}

/** L3: silence changes no phase. */
export function checkPhases(
  before: readonly HostRecord[],
  after: readonly HostRecord[],
): readonly string[] {
  return before.flatMap((host) => {
    const now = after.find(({ id }) => id === host.id);
    if (now === undefined) return [`L3: ${host.name} is gone from the inventory`];
    return now.phase === host.phase
      ? []
      : [`L3: ${host.name} went from ${host.phase} to ${now.phase} with nobody asking`];
  });
}

async function readTrack(
  telemetry: Telemetry,
  hostId: HostId,
  track: WitnessedSeries,
  span: { readonly fromMs: number; readonly toMs: number; readonly stepMs?: number },
): Promise<Map<number, number>> {
  const answer = await telemetry.query({
    hostId,
    metric: track.metric as MetricName,
    fromMs: unixMs(span.fromMs),
    toMs: unixMs(span.toMs),
    stepMs: 1_000,
    by: null,
    stat: "last",
  });
  if (!answer.ok) throw new Error(`the query was refused: ${JSON.stringify(answer.problem)}`);
  const points = new Map<number, number>();
  // A counter is answered per second.
  const isCounter = metrics[track.metric as MetricName].kind === "counter";
  const seconds = isCounter ? (span.stepMs ?? 1_000) / 1_000 : 1;
  for (const [at, value] of answer.value.series[0]?.points ?? [])
    if (value !== null) points.set(at, value * seconds);
  return points;
}

async function countPoints(
  telemetry: Telemetry,
  hostId: HostId,
  track: WitnessedSeries,
  span: { readonly fromMs: number; readonly toMs: number },
): Promise<number> {
  const answer = await telemetry.query({
    hostId,
    metric: track.metric as MetricName,
    fromMs: unixMs(span.fromMs),
    toMs: unixMs(span.toMs),
    stepMs: 60_000,
    by: null,
    stat: "count",
  });
  if (!answer.ok) throw new Error(`the query was refused: ${JSON.stringify(answer.problem)}`);
  let count = 0;
  for (const [, value] of answer.value.series[0]?.points ?? []) count += value ?? 0;
  return count;
}

function isSame(left: number, right: number): boolean {
  return Math.abs(left - right) <= 1e-9 * Math.max(1, Math.abs(left), Math.abs(right));
}

/** The series of the simulated load are one a metric: the host-wide figure is the series. */
export function isOneSeriesAMetric(series: readonly WitnessedSeries[]): boolean {
  const names = series.map(({ metric }) => metric);
  return new Set(names).size === names.length && names.every((name) => name in metrics);
}
