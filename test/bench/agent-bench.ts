import { fork } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type BenchOptions, type BenchReport, machineConditions, rounded } from "./bench-report.ts";
import { type BenchManager, createBenchManager } from "./bench-manager.ts";
import { watchChildren } from "./child-watch.ts";
import { writeFakeHost } from "./fake-host.ts";
import { benchNodeExporter } from "./node-exporter.ts";
import { readProcessUsage } from "./process-usage.ts";
import { waitUntil } from "./wait.ts";

const batchMs = 10_000;
/** Batches that are let pass first: starting, discovering and the first compiling are over then. */
const warmUpBatches = 2;

/**
 * A real agent of this machine, or of a fake one, in a process of its own; a real manager takes its
 * reports over mutual TLS. Beside it node_exporter, where it is installed, scraped every second.
 */
export async function benchAgent(options: BenchOptions): Promise<BenchReport> {
  const { seconds, say } = options;
  const folder = mkdtempSync(join(tmpdir(), "wws-bench-"));
  const root = options.root === null ? null : prepareRoot(options.root, say);
  const manager = await createBenchManager(join(folder, "manager"), {
    WWS_REPORT_INTERVAL_MS: String(batchMs),
  });
  await manager.start();
  const { token } = await manager.api<{ readonly token: string }>("/enrolment/tokens", {
    kind: "host",
    hostName: "bench-agent",
  });
  const agent = startAgent(manager, token, { data: join(folder, "agent"), root });
  try {
    say("warming up");
    for (let batch = 0; batch < warmUpBatches; batch += 1) await nextBatch(manager, agent);
    const before = { ...readProcessUsage(agent.pid), samples: await samplesOf(manager) };
    const startMs = performance.now();
    const children = watchChildren(agent.pid);
    say(`measuring for ${seconds} s`);
    do await nextBatch(manager, agent);
    while (performance.now() - startMs < seconds * 1_000);
    const after = { ...readProcessUsage(agent.pid), samples: await samplesOf(manager) };
    const measuredSeconds = (performance.now() - startMs) / 1_000;
    const started = children.stop();
    const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
    const samples = after.samples - before.samples;
    agent.end();
    await manager.end("SIGTERM");
    const peer = await benchNodeExporter({ root, seconds, say });
    return {
      bench: "agent",
      figures: rounded({
        cpuMicrosecondsPerSample: (cpuSeconds * 1e6) / samples,
        cpuPercentOfCore: (cpuSeconds / measuredSeconds) * 100,
        samplesPerSecond: samples / measuredSeconds,
        rssMiB: after.rssKiB / 1_024,
        anonMiB: after.anonymousKiB / 1_024,
        childProcessesPerMinute: (started * 60) / measuredSeconds,
        ...(peer === null
          ? {}
          : { nodeExporterCpuMicrosecondsPerSample: peer.cpuMicrosecondsPerSample }),
      }),
      conditions: {
        ...machineConditions(),
        root: root ?? "/ (this machine)",
        seconds: Number(measuredSeconds.toFixed(1)),
        batchMs,
        stepMs: 1_000,
        children: "seen in /proc every 10 ms; one that lives for less may be missed",
        ...(peer?.conditions ?? { nodeExporter: "not installed: npm run setup:real brings it" }),
      },
    };
  } finally {
    agent.end();
    await manager.end("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

function prepareRoot(given: string, say: BenchOptions["say"]): string {
  const root = resolve(given);
  if (!existsSync(join(root, "proc/stat"))) {
    say(`${root} has no proc/stat: writing the fake host there`);
    writeFakeHost(root);
  }
  return root;
}

interface BenchAgent {
  readonly pid: number;
  isRunning(): boolean;
  output(): string;
  end(): void;
}

function startAgent(
  manager: BenchManager,
  token: string,
  { data, root }: { readonly data: string; readonly root: string | null },
): BenchAgent {
  const rootFlags = root === null ? [] : ["--root", root];
  const flags = ["run", "--data", data, "--manager", manager.agents, ...rootFlags];
  const child = fork(join(import.meta.dirname, "../../agent/main.ts"), flags, {
    env: { ...process.env, WWS_JOIN_TOKEN: token, WWS_LOG_LEVEL: "warn" },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (bytes: Buffer) => {
      output = (output + bytes.toString()).slice(-4_000);
    });
  }
  return {
    pid: child.pid ?? 0,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    output: () => output,
    end: () => {
      child.kill("SIGKILL");
    },
  };
}

function samplesOf(manager: BenchManager): Promise<number> {
  return manager.ownMetric("wws_samples_total");
}

/** Whole batches only: samples are counted where they become durable. */
async function nextBatch(manager: BenchManager, agent: BenchAgent): Promise<void> {
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
