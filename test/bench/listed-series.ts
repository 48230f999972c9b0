import { createCollectors } from "#agent/collectors/create-collectors.ts";
import { openSource } from "#agent/program/open-source.ts";
import type { TelemetryAnswer } from "#fleet/api/telemetry-schemas.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import type { MetricName } from "#proto/vocabulary/metrics.ts";
import { systemClock } from "#test/support/system-clock.ts";
import type { BenchManager } from "./bench-manager.ts";

/**
 * The series that are compared with node_exporter's, by both names: what is read from the same file,
 * at the same cadence, and says the same.
 */
export const listedSeries: readonly { readonly metric: MetricName; readonly peer: string }[] = [
  { metric: "system.cpu.time", peer: "cpu_seconds_total" },
  { metric: "system.cpu.load_average.1m", peer: "load1" },
  {
    metric: "system.memory.usage",
    peer: "memory_(?:MemFree|MemAvailable|Buffers|Cached|SReclaimable)_bytes",
  },
  { metric: "system.memory.limit", peer: "memory_MemTotal_bytes" },
  { metric: "system.paging.usage", peer: "memory_Swap(?:Total|Free)_bytes" },
  { metric: "system.disk.operations", peer: "disk_(?:reads|writes)_completed_total" },
  { metric: "system.disk.io", peer: "disk_(?:read|written)_bytes_total" },
  { metric: "system.disk.operation_time", peer: "disk_(?:read|write)_time_seconds_total" },
  { metric: "system.disk.io_time", peer: "disk_io_time_seconds_total" },
  { metric: "system.network.io", peer: "network_(?:receive|transmit)_bytes_total" },
  { metric: "system.network.packets", peer: "network_(?:receive|transmit)_packets_total" },
  { metric: "system.network.errors", peer: "network_(?:receive|transmit)_errs_total" },
  { metric: "system.network.dropped", peer: "network_(?:receive|transmit)_drop_total" },
  { metric: "hw.temperature", peer: "hwmon_temp_celsius" },
  { metric: "hw.fan.speed", peer: "hwmon_fan_rpm" },
  { metric: "hw.power", peer: "hwmon_power_watt" },
  { metric: "hw.energy", peer: "rapl_\\w*joules_total" },
];

/** The agent's own: each series has a point a second. */
const stepMs = 1_000;

/** How many series of each listed metric an agent on this root samples at every step. */
export async function countListedSeries(
  root: string | null,
  cpuTime: boolean,
): Promise<ReadonlyMap<MetricName, number>> {
  const { source } = openSource({
    root: root ?? "/",
    clock: systemClock,
    asksLooker: "where-it-is",
    uid: process.getuid?.() ?? null,
  });
  const counts = new Map<MetricName, number>();
  const known = new Set<string>();
  const collectors = createCollectors({
    source,
    sink: {
      declare: ({ metric, attributes, cadenceMs = 0 }) => {
        const key = JSON.stringify([metric, attributes]);
        if (cadenceMs === 0 && !known.has(key)) counts.set(metric, (counts.get(metric) ?? 0) + 1);
        known.add(key);
        return 0;
      },
      set: () => undefined,
    },
    clock: systemClock,
    random: null,
    log: silentLog,
    cpuTime,
  });
  for (const collector of collectors) await collector.discover();
  for (const collector of collectors) collector.close();
  return counts;
}

/**
 * Points of the listed series that the manager gives back for this span: seen, not expected. Both
 * ends are rounded alike to whole seconds, which the API would widen.
 */
export async function countListedSamples(
  manager: BenchManager,
  counts: ReadonlyMap<MetricName, number>,
  span: { readonly fromMs: number; readonly toMs: number },
): Promise<number> {
  const { items } = await manager.api<{ readonly items: readonly { readonly id: string }[] }>(
    "/hosts",
  );
  const id = items[0]?.id ?? "";
  const [from, to] = [span.fromMs, span.toMs].map((ms) => Math.round(ms / stepMs) * stepMs);
  let samples = 0;
  for (const { metric } of listedSeries) {
    const series = counts.get(metric) ?? 0;
    if (series === 0) continue;
    const answer = await manager.api<TelemetryAnswer>(
      `/hosts/${id}/telemetry?metric=${metric}&from=${from}&to=${to}&step=${stepMs}`,
    );
    samples += (answer.coverage * series * (answer.to - answer.from)) / stepMs;
  }
  return Math.round(samples);
}
