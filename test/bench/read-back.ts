import type { SeriesRequest } from "#agent/collectors/collector.ts";
import type { TelemetryAnswer } from "#fleet/api/telemetry-schemas.ts";
import type { BenchManager } from "./bench-manager.ts";
import { pause } from "./wait.ts";

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Samples that the API gives back, of every series of every host: coverage is the share of expected
 * points that were seen, and a point a second is expected of each series over the whole span.
 */
export async function countReadable(
  manager: BenchManager,
  hostIds: readonly string[],
  requests: readonly SeriesRequest[],
  { fromMs, toMs }: Span,
): Promise<number> {
  let readable = 0;
  const metrics = new Set(requests.map(({ metric }) => metric));
  for (const hostId of hostIds) {
    for (const metric of metrics) {
      // There is no host-wide series of the processors here: they are asked for one by one.
      const by = metric === "system.cpu.utilization" ? "&by=cpu.logical_number" : "";
      const answer = await manager.api<TelemetryAnswer>(
        `/hosts/${hostId}/telemetry?metric=${metric}&from=${fromMs}&to=${toMs}&step=${toMs - fromMs}${by}`,
      );
      const series = requests.filter((request) => request.metric === metric).length;
      // The answer's span is whole steps, and so may be longer than what was asked for.
      readable += Math.round((answer.coverage * series * (answer.to - answer.from)) / 1_000);
    }
  }
  return readable;
}

/** For each second that a host sampled from now on: how long until it could be read. */
export async function watchVisibility(
  manager: BenchManager,
  hostIds: readonly string[],
  forMs: number,
): Promise<readonly number[]> {
  const visibleMs: number[] = [];
  const startMs = Date.now();
  const newest = new Map(hostIds.map((hostId) => [hostId, Math.ceil(startMs / 1_000) * 1_000]));
  while (Date.now() < startMs + forMs) {
    const askedMs = Date.now();
    for (const hostId of hostIds) {
      const fromMs = newest.get(hostId) ?? startMs;
      if (fromMs >= askedMs) continue;
      const to = Math.ceil(askedMs / 1_000) * 1_000;
      const answer = await manager.api<TelemetryAnswer>(
        `/hosts/${hostId}/telemetry?metric=hw.power&from=${fromMs}&to=${to}&step=1000`,
      );
      const nowMs = Date.now();
      for (const [timeMs, value] of answer.series[0]?.points ?? []) {
        if (value === null) continue;
        visibleMs.push(nowMs - timeMs);
        newest.set(hostId, timeMs + 1_000);
      }
    }
    const leftMs = 100 - (Date.now() - askedMs);
    await pause(Math.max(0, leftMs));
  }
  return visibleMs;
}
