import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchManager, createBenchManager } from "./bench-manager.ts";
import {
  type BenchOptions,
  type BenchReport,
  machineConditions,
  quantile,
  rounded,
} from "./bench-report.ts";
import { requestSeries } from "./generated-load.ts";
import { enrolLoad, type LoadProcess, startLoad } from "./load-process.ts";
import { type ProcessUsage, readProcessUsage } from "./process-usage.ts";
import { countReadable, watchVisibility } from "./read-back.ts";
import { measureStored } from "./stored-bytes.ts";
import type { FarmFigures } from "./load-farm.ts";
import { pause, waitUntil } from "./wait.ts";

export const batchMs = 10_000;
/** Hosts whose points are waited for at the API, after the load was measured. */
const watchedHosts = 10;

/**
 * From the socket to durable and queryable: a real manager in a process of its own, real agents in
 * another, mutual TLS between them.
 */
export async function benchIngest(options: BenchOptions): Promise<BenchReport> {
  const { hosts, seconds, series, say } = options;
  const folder = mkdtempSync(join(tmpdir(), "wws-bench-"));
  const manager = await createBenchManager(folder, {
    WWS_SIMULATED_REPORT_INTERVAL_MS: String(batchMs),
  });
  const load = startLoad();
  try {
    await manager.start();
    const bare = readProcessUsage(manager.pid());
    say(`enrolling ${hosts} hosts`);
    const enrolled = await enrolLoad(manager, load, hosts);
    const startedMs = Math.floor(Date.now() / 1_000) * 1_000 - 1_000;
    await load.ask({ kind: "run", series });
    await steady(load, hosts, say);
    say(`measuring for ${seconds} s`);
    const before = await takeSnapshot(manager, load);
    await pause(seconds * 1_000);
    const after = await takeSnapshot(manager, load);
    say("waiting for points at the API");
    const visibleMs = await watchVisibility(
      manager,
      enrolled.hostIds.slice(0, watchedHosts),
      2 * batchMs,
    );
    const last = await load.ask({ kind: "stop" });
    say("counting what is readable");
    const span = { fromMs: startedMs, toMs: Math.ceil(Date.now() / 1_000) * 1_000 };
    const readable = await countReadable(manager, enrolled.hostIds, requestSeries(series), span);
    const total = await manager.ownMetric("wws_samples_total");
    await manager.end("SIGTERM");
    const stored = await measureStored(join(folder, "telemetry"), total);
    return {
      bench: "ingest",
      figures: rounded({
        ...loadFigures(before, after),
        rssKiBPerHost: (after.manager.rssKiB - bare.rssKiB) / hosts,
        storedBytesPerSample: stored.bytesPerSample,
        ackMsP99: quantile(after.load.ackMs, 0.99),
        visibleMsP99: quantile(visibleMs, 0.99),
        takenSamples: last.taken,
        readableSamples: readable,
        lostSamples: last.taken - readable,
      }),
      conditions: {
        ...machineConditions(),
        hosts,
        series,
        seconds,
        batchMs,
        stepMs: 1_000,
        tls: "mutual TLS 1.3, P-256",
        agentCost:
          "sampling of ready-made readings, packing, sending; reading /proc is bench agent's",
        rss: "manager with all hosts connected, less the same manager before the first",
        stored:
          "what the store keeps after the log was sealed and compacted, index and log counted",
        logBytesPerSample: Number(stored.logBytesPerSample.toPrecision(4)),
        visible: `sampled to readable at the API, polled every 100 ms, ${watchedHosts} hosts, after the measured time`,
      },
    };
  } finally {
    load.kill();
    await manager.end("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Snapshot {
  readonly manager: ProcessUsage;
  readonly sender: ProcessUsage;
  readonly load: FarmFigures;
  readonly durableSamples: number;
}

async function takeSnapshot(manager: BenchManager, load: LoadProcess): Promise<Snapshot> {
  return {
    durableSamples: await manager.ownMetric("wws_samples_total"),
    manager: readProcessUsage(manager.pid()),
    sender: readProcessUsage(load.pid),
    load: await load.ask({ kind: "tell" }),
  };
}

function loadFigures(before: Snapshot, after: Snapshot): Readonly<Record<string, number>> {
  const managerSeconds = after.manager.cpuSeconds - before.manager.cpuSeconds;
  const senderSeconds = after.sender.cpuSeconds - before.sender.cpuSeconds;
  const samples = after.durableSamples - before.durableSamples;
  const reports = after.load.acknowledgedReports - before.load.acknowledgedReports;
  return {
    samplesPerCpuSecond: samples / managerSeconds,
    reportsPerCpuSecond: reports / managerSeconds,
    agentCpuMicrosecondsPerSample: (senderSeconds * 1e6) / (after.load.taken - before.load.taken),
    wireBytesPerSample: (after.load.sentBytes - before.load.sentBytes) / samples,
  };
}

/** Every host is connected and had two reports acknowledged: what starting up costs is over. */
async function steady(load: LoadProcess, hosts: number, say: BenchOptions["say"]): Promise<void> {
  let told = 0;
  await waitUntil(
    `${hosts} hosts live, with two reports each`,
    async () => {
      const { live, acknowledgedReports } = await load.ask({ kind: "tell" });
      if (live !== told) say(`${live} of ${hosts} hosts live`);
      told = live;
      return live === hosts && acknowledgedReports >= 2 * hosts;
    },
    { limitMs: 120_000 + 100 * hosts },
  );
}
