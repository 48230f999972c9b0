import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type AgentProcess, startAgentProcess } from "./agent-process.ts";
import { type BenchManager, createBenchManager } from "./bench-manager.ts";
import { type BenchOptions, type BenchReport, machineConditions, rounded } from "./bench-report.ts";
import { watchChildren } from "./child-watch.ts";
import { writeFakeHost } from "./fake-host.ts";
import { countListedSamples, countListedSeries, listedSeries } from "./listed-series.ts";
import { openMovingHost } from "./moving-host.ts";
import { benchNodeExporter, type PeerFigures } from "./node-exporter.ts";
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
 * own; a real manager takes its reports over mutual TLS. It samples all series that node_exporter is
 * compared by, the time of each CPU in each mode among them. On a fake root there are three at once:
 * that one, which finds no tools, so that no child process is in its loop; one that finds stubs of
 * them; and one with the settings of the package, which leaves that time out.
 * Then node_exporter, where it is installed, over the same moving files, scraped every second.
 */
export async function benchAgent(options: BenchOptions): Promise<BenchReport> {
  const { seconds, say } = options;
  const folder = mkdtempSync(join(tmpdir(), "wws-bench-"));
  const given = options.root === null ? null : requireRoot(options.root, say);
  const wanted: Wanted[] = [
    { root: given === null ? null : copyRoot(given, join(folder, "bare")), cpuTime: true },
  ];
  if (given !== null) {
    const root = copyRoot(given, join(folder, "tools"));
    writeStubTools(root);
    wanted.push({ root, cpuTime: true });
    wanted.push({ root: copyRoot(given, join(folder, "packaged")), cpuTime: false });
  }
  const moving = wanted.flatMap(({ root }) => (root === null ? [] : [openMovingHost(root)]));
  const movement = setInterval(() => {
    for (const host of moving) host.advance(moveSeconds);
  }, moveSeconds * 1_000);
  const watched: Watched[] = [];
  try {
    for (const [index, one] of wanted.entries()) {
      watched.push(await startWatched(join(folder, String(index)), one));
    }
    say(`warming up for ${warmUpMs / 1_000} s`);
    const [bare, tools, packaged] = await Promise.all(watched.map((one) => measure(one, options)));
    if (bare === undefined) throw new Error("no agent was measured");
    for (const { manager, agent } of watched) {
      agent.end();
      await manager.end("SIGTERM");
    }
    const peer = await benchNodeExporter({ root: wanted[0]?.root ?? null, seconds, say });
    return {
      bench: "agent",
      figures: rounded({
        ...bare.figures,
        ...(tools === undefined ? {} : withPrefix("withTools", tools.figures)),
        ...(packaged === undefined ? {} : withPrefix("packagedSettings", packaged.figures)),
        ...(peer === null ? {} : peerFigures(peer, bare.figures, tools?.figures)),
      }),
      conditions: {
        ...machineConditions(),
        root: given === null ? "/ (this machine)" : `moving copies of ${given}`,
        warmUpSeconds: warmUpMs / 1_000,
        seconds: Number(bare.measuredSeconds.toFixed(1)),
        batchMs,
        stepMs: 1_000,
        perSample: "all of its CPU time over the samples of the listed series alone",
        listedSeries: listedSeries.map(({ metric, peer }) => `${metric} = node_${peer}`),
        packagedSettings: "without the time of each CPU in each mode",
        withTools: "stubs of ipmitool, smartctl, nvme and dmidecode; their CPU time is counted",
        children: "seen in /proc every 10 ms; one that lives for less may be missed",
        ...(peer?.conditions ?? {
          nodeExporter: "not installed: apt install prometheus-node-exporter",
        }),
      },
    };
  } finally {
    clearInterval(movement);
    for (const host of moving) host.close();
    for (const { manager, agent } of watched) {
      agent.end();
      await manager.end("SIGKILL");
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Wanted {
  /** null: this machine. */
  readonly root: string | null;
  readonly cpuTime: boolean;
}

interface Watched extends Wanted {
  readonly manager: BenchManager;
  readonly agent: AgentProcess;
}

/** An agent and a manager of its own: what the manager counts is that agent's. */
async function startWatched(folder: string, wanted: Wanted): Promise<Watched> {
  const manager = await createBenchManager(join(folder, "manager"), {
    WWS_REPORT_INTERVAL_MS: String(batchMs),
  });
  await manager.start();
  const { token } = await manager.api<{ readonly token: string }>("/enrolment/tokens", {
    kind: "host",
    hostName: "bench-agent",
  });
  const agent = await startAgentProcess({
    folder: join(folder, "program"),
    data: join(folder, "agent"),
    manager: manager.agents,
    token,
    root: wanted.root,
    environment: { WWS_CPU_TIME: String(wanted.cpuTime) },
  });
  return { ...wanted, manager, agent };
}

type AgentFigures = Awaited<ReturnType<typeof measure>>["figures"];

function peerFigures(peer: PeerFigures, bare: AgentFigures, tools: AgentFigures | undefined) {
  const { cpuMicrosecondsPerSample: listed, cpuMicrosecondsPerAnySample: any } = peer;
  return {
    nodeExporterCpuMicrosecondsPerSample: listed,
    nodeExporterCpuMicrosecondsPerAnySample: any,
    ratioToNodeExporter: bare.cpuMicrosecondsPerSample / listed,
    ratioToNodeExporterAnySample: bare.cpuMicrosecondsPerAnySample / any,
    ...(tools && { withToolsRatioToNodeExporter: tools.cpuMicrosecondsPerSample / listed }),
    nodeExporterRssMiB: peer.rssMiB,
    nodeExporterAnonMiB: peer.anonMiB,
  };
}

/** `withTools` and `rssMiB` → `withToolsRssMiB`. */
function withPrefix(prefix: string, figures: Readonly<Record<string, number>>) {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [
      prefix + name.charAt(0).toUpperCase() + name.slice(1),
      value,
    ]),
  );
}

async function measure(
  { manager, agent, root, cpuTime }: Watched,
  { seconds, say }: Pick<BenchOptions, "seconds" | "say">,
) {
  const startMs = performance.now();
  do await nextBatch(manager, agent);
  while (performance.now() - startMs < warmUpMs);
  const look = async () => ({
    ...readProcessUsage(agent.pid),
    samples: await samplesOf(manager),
    unixMs: Date.now(),
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
  // The batch that is under way at either end is as long.
  const listed = await countListedSamples(manager, await countListedSeries(root, cpuTime), {
    fromMs: before.unixMs - batchMs,
    toMs: after.unixMs - batchMs,
  });
  const microseconds = (used: number): number => (used * 1e6) / listed;
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
  return {
    measuredSeconds,
    figures: {
      cpuMicrosecondsPerSample: microseconds(cpuSeconds),
      ownCpuMicrosecondsPerSample: microseconds(after.ownCpuSeconds - before.ownCpuSeconds),
      childCpuMicrosecondsPerSample: microseconds(after.childCpuSeconds - before.childCpuSeconds),
      cpuPercentOfCore: (cpuSeconds / measuredSeconds) * 100,
      cpuMicrosecondsPerAnySample: (cpuSeconds * 1e6) / samples,
      samplesPerSecond: samples / measuredSeconds,
      listedSamplesPerSecond: listed / measuredSeconds,
      rssMiB: after.rssKiB / 1_024,
      anonMiB: after.anonymousKiB / 1_024,
      rssMiBPerHour: (((after.rssKiB - before.rssKiB) / 1_024) * 3_600) / measuredSeconds,
      childProcessesPerMinute: (started * 60) / measuredSeconds,
    },
  };
}

function requireRoot(given: string, say: BenchOptions["say"]): string {
  const root = resolve(given);
  if (!existsSync(join(root, "proc/stat"))) {
    say(`${root} has no proc/stat: writing the fake host there`);
    writeFakeHost(root);
  }
  return root;
}

/** What was given is not moved under anybody's hands. */
function copyRoot(root: string, copy: string): string {
  cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
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
