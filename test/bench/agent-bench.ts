import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type AgentProcess, startAgentProcess } from "./agent-process.ts";
import { type BenchManager, createBenchManager } from "./bench-manager.ts";
import { type BenchOptions, type BenchReport, machineConditions, rounded } from "./bench-report.ts";
import { watchChildren } from "./child-watch.ts";
import { writeFakeHost } from "./fake-host.ts";
import { openMovingHost } from "./moving-host.ts";
import { benchNodeExporter } from "./node-exporter.ts";
import { readProcessUsage } from "./process-usage.ts";
import { writeStubTools } from "./stub-tools.ts";
import { waitUntil } from "./wait.ts";

const batchMs = 10_000;
/** Let pass first: starting and the first compiling are over then, as they are in an agent's life. */
const warmUpMs = 120_000;
/** The fake host moves twice a second: whoever looks each second sees it moved each time. */
const moveSeconds = 0.5;

/**
 * A real agent of this machine, or of a fake one, as the package installs it, in a process of its
 * own; a real manager takes its reports over mutual TLS. Beside it node_exporter, where it is
 * installed, over the same files, scraped every second.
 */
export async function benchAgent(options: BenchOptions): Promise<BenchReport> {
  const { seconds, say } = options;
  const folder = mkdtempSync(join(tmpdir(), "wws-bench-"));
  const root = options.root === null ? null : prepareRoot(options.root, join(folder, "root"), say);
  const moving = root === null ? null : openMovingHost(root);
  const movement = setInterval(() => moving?.advance(moveSeconds), moveSeconds * 1_000);
  const manager = await createBenchManager(join(folder, "manager"), {
    WWS_REPORT_INTERVAL_MS: String(batchMs),
  });
  let agent: AgentProcess | null = null;
  try {
    await manager.start();
    const { token } = await manager.api<{ readonly token: string }>("/enrolment/tokens", {
      kind: "host",
      hostName: "bench-agent",
    });
    agent = await startAgentProcess({
      folder: join(folder, "program"),
      data: join(folder, "agent"),
      manager: manager.agents,
      token,
      root,
    });
    say(`warming up for ${warmUpMs / 1_000} s`);
    const { figures, measuredSeconds } = await measure(manager, agent, options);
    agent.end();
    await manager.end("SIGTERM");
    const peer = await benchNodeExporter({ root, seconds, say });
    return {
      bench: "agent",
      figures: rounded({
        ...figures,
        ...(peer === null
          ? {}
          : {
              nodeExporterCpuMicrosecondsPerSample: peer.cpuMicrosecondsPerSample,
              nodeExporterCpuMicrosecondsPerAnySample: peer.cpuMicrosecondsPerAnySample,
              ratioToNodeExporter: figures.cpuMicrosecondsPerSample / peer.cpuMicrosecondsPerSample,
              ratioToNodeExporterAnySample:
                figures.cpuMicrosecondsPerSample / peer.cpuMicrosecondsPerAnySample,
              nodeExporterRssMiB: peer.rssMiB,
              nodeExporterAnonMiB: peer.anonMiB,
            }),
      }),
      conditions: {
        ...machineConditions(),
        root: options.root === null ? "/ (this machine)" : `a moving copy of ${options.root}`,
        warmUpSeconds: warmUpMs / 1_000,
        seconds: Number(measuredSeconds.toFixed(1)),
        batchMs,
        stepMs: 1_000,
        children: "seen in /proc every 10 ms; one that lives for less may be missed",
        ...(peer?.conditions ?? { nodeExporter: "not installed: npm run setup:real brings it" }),
      },
    };
  } finally {
    clearInterval(movement);
    moving?.close();
    agent?.end();
    await manager.end("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(
  manager: BenchManager,
  agent: AgentProcess,
  { seconds, say }: Pick<BenchOptions, "seconds" | "say">,
) {
  const startMs = performance.now();
  do await nextBatch(manager, agent);
  while (performance.now() - startMs < warmUpMs);
  const look = async () => ({
    ...readProcessUsage(agent.pid),
    samples: await samplesOf(manager),
    atMs: performance.now(),
  });
  const before = await look();
  const children = watchChildren(agent.pid);
  say(`measuring for ${seconds} s`);
  do await nextBatch(manager, agent);
  while (performance.now() - before.atMs < seconds * 1_000);
  const after = await look();
  const started = children.stop();
  const measuredSeconds = (after.atMs - before.atMs) / 1_000;
  const samples = after.samples - before.samples;
  const microseconds = (used: number): number => (used * 1e6) / samples;
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
  return {
    measuredSeconds,
    figures: {
      cpuMicrosecondsPerSample: microseconds(cpuSeconds),
      ownCpuMicrosecondsPerSample: microseconds(after.ownCpuSeconds - before.ownCpuSeconds),
      childCpuMicrosecondsPerSample: microseconds(after.childCpuSeconds - before.childCpuSeconds),
      cpuPercentOfCore: (cpuSeconds / measuredSeconds) * 100,
      samplesPerSecond: samples / measuredSeconds,
      rssMiB: after.rssKiB / 1_024,
      anonMiB: after.anonymousKiB / 1_024,
      rssMiBPerHour: (((after.rssKiB - before.rssKiB) / 1_024) * 3_600) / measuredSeconds,
      childProcessesPerMinute: (started * 60) / measuredSeconds,
    },
  };
}

/** A copy with the tools beside it: what was given is not moved under anybody's hands. */
function prepareRoot(given: string, copy: string, say: BenchOptions["say"]): string {
  const root = resolve(given);
  if (!existsSync(join(root, "proc/stat"))) {
    say(`${root} has no proc/stat: writing the fake host there`);
    writeFakeHost(root);
  }
  cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
  writeStubTools(copy);
  return copy;
}

function samplesOf(manager: BenchManager): Promise<number> {
  return manager.ownMetric("wws_samples_total");
}

/** Whole batches only: samples are counted where they become durable. */
async function nextBatch(manager: BenchManager, agent: AgentProcess): Promise<void> {
  const before = await samplesOf(manager);
  const what = "a batch of the agent's is on the manager's disk";
  await waitUntil(
    what,
    async () => {
      if (!agent.isRunning()) throw new Error(`the agent has ended: ${agent.output()}`);
      return (await samplesOf(manager)) > before;
    },
    { limitMs: 60_000 },
  );
}
