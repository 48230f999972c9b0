import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { BenchOptions, BenchReport } from "./bench-report.ts";
import { listedSeries } from "./listed-series.ts";
import { readProcessUsage } from "./process-usage.ts";
import { pause, waitUntil } from "./wait.ts";

const programs = ["prometheus-node-exporter", "node_exporter"] as const;

/** What our agent reports as well: nothing else is collected. */
const collectors = ["cpu", "diskstats", "meminfo", "netdev", "loadavg", "hwmon", "rapl"] as const;
/** And of those, what it can be told to leave out because our agent does not report it. */
const trimming = ["--no-collector.cpu.guest", "--collector.netdev.device-exclude=^(lo|bond0)$"];

/** Its series that say what ours say; what else is in its answer it collects for nobody here. */
const listedLine = new RegExp(`^node_(?:${listedSeries.map(({ peer }) => peer).join("|")})[{ ]`);

export interface PeerFigures {
  /** Per sample of the listed series. */
  readonly cpuMicrosecondsPerSample: number;
  /** Per sample of all that it answers, listed or not. */
  readonly cpuMicrosecondsPerAnySample: number;
  readonly rssMiB: number;
  readonly anonMiB: number;
  readonly conditions: BenchReport["conditions"];
}

/** node_exporter over the same root, scraped every second over plain HTTP; null: not installed. */
export async function benchNodeExporter(options: {
  readonly root: string | null;
  readonly seconds: number;
  readonly say: BenchOptions["say"];
}): Promise<PeerFigures | null> {
  const { root, seconds, say } = options;
  const program = programs.find((name) => spawnSync(name, ["--version"]).status === 0);
  if (program === undefined) return null;
  const port = await findFreePort();
  const paths =
    root === null
      ? []
      : [`--path.procfs=${root}/proc`, `--path.sysfs=${root}/sys`, `--path.rootfs=${root}`];
  const child = spawn(
    program,
    [
      `--web.listen-address=127.0.0.1:${port}`,
      "--web.disable-exporter-metrics",
      "--collector.disable-defaults",
      ...collectors.map((name) => `--collector.${name}`),
      ...trimming,
      ...paths,
      "--log.level=error",
    ],
    { stdio: "ignore" },
  );
  try {
    const url = `http://127.0.0.1:${port}/metrics`;
    const answers = async (): Promise<boolean> => (await scrape(url).catch(() => null)) !== null;
    await waitUntil(`${program} answers`, answers, { limitMs: 10_000 });
    say(`measuring ${program} for ${seconds} s`);
    return await measure(child, url, seconds, program);
  } finally {
    const gone = once(child, "exit");
    if (child.kill("SIGKILL")) await gone;
  }
}

async function measure(
  child: ChildProcess,
  url: string,
  seconds: number,
  program: string,
): Promise<PeerFigures> {
  const pid = child.pid ?? 0;
  for (let scrapes = 0; scrapes < 5; scrapes += 1) await scrape(url);
  const before = readProcessUsage(pid).cpuSeconds;
  let listed = 0;
  let all = 0;
  for (let second = 0; second < seconds; second += 1) {
    const startMs = performance.now();
    const samples = await scrape(url);
    listed += samples.listed;
    all += samples.all;
    await pause(Math.max(0, 1_000 - (performance.now() - startMs)));
  }
  const after = readProcessUsage(pid);
  const cpuSeconds = after.cpuSeconds - before;
  const version = spawnSync(program, ["--version"], { encoding: "utf8" });
  return {
    cpuMicrosecondsPerSample: (cpuSeconds * 1e6) / listed,
    cpuMicrosecondsPerAnySample: (cpuSeconds * 1e6) / all,
    rssMiB: after.rssKiB / 1_024,
    anonMiB: after.anonymousKiB / 1_024,
    conditions: {
      nodeExporter: `${version.stdout}${version.stderr}`.split("\n")[0] ?? program,
      nodeExporterCollectors: collectors,
      nodeExporterTrimming: trimming,
      nodeExporterSamplesPerScrape: Math.round(all / seconds),
      nodeExporterListedSamplesPerScrape: Math.round(listed / seconds),
      nodeExporterScrape: "every second, plain HTTP on loopback",
    },
  };
}

interface ScrapedSamples {
  readonly listed: number;
  readonly all: number;
}

async function scrape(url: string): Promise<ScrapedSamples> {
  const text = await (await fetch(url)).text();
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return { listed: lines.filter((line) => listedLine.test(line)).length, all: lines.length };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
