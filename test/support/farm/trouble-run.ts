import { join } from "node:path";
import type { ApiClient } from "#fleet/api/client.ts";
import { findMetric } from "#proto/vocabulary/metrics.ts";
import { type Bench, until } from "#test/support/programs.ts";
import { type RunningManager, startServe } from "#test/support/running-manager.ts";
import type { FarmHost } from "./agent-farm.ts";
import { type FarmProcess, startFarm } from "./farm-process.ts";

/** What came of a run in which the way between agents and manager was broken again and again. */
export interface TroubleOutcome {
  readonly hosts: number;
  /** Gauge readings that the agents took. */
  readonly taken: number;
  /** Of those, how many the API answers afterwards. */
  readonly readable: number;
  readonly acknowledged: number;
  /** Acknowledged points that the API does not answer, or answers with another value. */
  readonly lost: readonly string[];
  readonly gaps: number;
  readonly ackMsP99: number;
}

export interface TroubleRun {
  manager(): RunningManager;
  readonly farm: FarmProcess;
  /** kill -9, the same data folder, the same ports. */
  killManager(): Promise<void>;
  /** Every agent has reported, and has done so for five seconds since `sinceMs`. */
  awaitAll(sinceMs: number): Promise<void>;
  /** No agent holds more than a few reports that are not acknowledged. */
  drained(): Promise<void>;
  /** Stops the agents and compares what they sent with what the API answers. */
  judge(): Promise<TroubleOutcome>;
}

/** A real manager, and `agents` real agents in a second process, each with its own socket. */
export async function startTroubleRun(
  bench: Bench,
  agents: number,
  agentsPort?: (managersPort: number) => Promise<number>,
): Promise<TroubleRun> {
  const place = { data: join(bench.folder(), "data"), port: await bench.freePort() };
  const serve = (): Promise<RunningManager> =>
    startServe(bench, place, { WWS_REPORT_INTERVAL_MS: "1000" });
  let manager = await serve();
  const startMs = Date.now();
  const tokens: string[] = [];
  for (let index = 0; index < agents; index += 1) {
    const name = `farm-${index}`;
    const created = await manager.client.createToken({ kind: "host", hostName: name }, name);
    tokens.push(created.token);
  }
  const port = (await agentsPort?.(place.port + 1)) ?? place.port + 1;
  const farm = await startFarm(`127.0.0.1:${port}`, tokens);

  const awaitAll = async (sinceMs: number): Promise<void> => {
    await until(
      "all agents report again",
      async () => {
        const { items } = await manager.client.hosts({ limit: 500 });
        const back = items.filter(({ lastReportAt }) => (lastReportAt ?? 0) > sinceMs + 5_000);
        return back.length === agents ? true : undefined;
      },
      120_000,
    );
  };

  await awaitAll(startMs);
  return {
    manager: () => manager,
    farm,
    awaitAll,
    async killManager() {
      manager.program.kill("SIGKILL");
      await manager.program.exited;
      manager = await serve();
    },
    drained: () =>
      until(
        "what waited has been sent",
        async () => ((await farm.held()) <= 2 ? true : undefined),
        300_000,
      ).then(() => {}),
    async judge() {
      const { hosts, ackMs } = await farm.harvest();
      const outcome = { taken: 0, readable: 0, acknowledged: 0, gaps: 0 };
      const lost: string[] = [];
      for (const host of hosts) {
        const found = await compare(manager.client, host, startMs - 60_000, Date.now() + 60_000);
        outcome.taken += host.taken;
        outcome.readable += found.readable;
        outcome.acknowledged += found.acknowledged;
        outcome.gaps += host.gaps;
        lost.push(...found.lost);
      }
      return { hosts: hosts.length, ...outcome, lost, ackMsP99: quantile(ackMs, 0.99) };
    },
  };
}

async function compare(
  client: ApiClient,
  host: FarmHost,
  from: number,
  to: number,
): Promise<{
  readonly readable: number;
  readonly acknowledged: number;
  readonly lost: readonly string[];
}> {
  const lost: string[] = [];
  let readable = 0;
  let acknowledged = 0;
  for (const { metric, sent, acknowledged: times } of host.series) {
    const query = { metric, from, to, step: 1_000, stat: "last" };
    const answer = await client.telemetry(host.hostId, query);
    const points = new Map(answer.series[0]?.points.filter(([, value]) => value !== null) ?? []);
    if (metric === "system.cpu.utilization") readable += points.size;
    acknowledged += times.length;
    const values = new Map(sent);
    for (const at of times)
      if (!points.has(at)) lost.push(`${host.hostId} ${metric} at ${at}: not readable`);
    const seconds = secondsSinceLast(metric, [...values.keys()]);
    for (const [at, value] of points)
      if (!values.get(at)?.some((one) => isRead(one, seconds.get(at) ?? 1, value)))
        lost.push(`${host.hostId} ${metric} at ${at}: reads ${value}, sent ${values.get(at)}`);
  }
  return { readable, acknowledged, lost };
}

/**
 * A late tick leaves a second out; the next increment of a counter then spans both, and is answered
 * per second. The store knows of that within a report, not across the end of one.
 */
function secondsSinceLast(metric: string, times: readonly number[]): ReadonlyMap<number, number> {
  const seconds = new Map<number, number>();
  if (findMetric(metric)?.kind !== "counter") return seconds;
  times
    .toSorted((left, right) => left - right)
    .forEach((at, index, sorted) => {
      seconds.set(at, (at - (sorted[index - 1] ?? at - 1_000)) / 1_000);
    });
  return seconds;
}

function isRead(sent: number, seconds: number, read: number | null): boolean {
  return isSame(sent, read) || isSame(sent / seconds, read);
}

function isSame(sent: number, read: number | null): boolean {
  return read !== null && Math.abs(sent - read) <= 1e-9 * Math.max(1, Math.abs(sent));
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
