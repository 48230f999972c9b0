import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { BenchOptions, BenchReport } from "./bench-report.ts";
import { readProcessUsage } from "./process-usage.ts";
import { pause, waitUntil } from "./wait.ts";

const programs = ["prometheus-node-exporter", "node_exporter"] as const;

/** What our agent reports as well: nothing else is collected. */
const collectors = ["cpu", "diskstats", "meminfo", "netdev", "loadavg", "hwmon", "rapl"] as const;

export interface PeerFigures {
  readonly cpuMicrosecondsPerSample: number;
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
      ...paths,
      "--log.level=error",
    ],
    { stdio: "ignore" },
  );
  try {
    const url = `http://127.0.0.1:${port}/metrics`;
    const answers = async (): Promise<boolean> => (await scrape(url).catch(() => 0)) > 0;
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
  let samples = 0;
  for (let second = 0; second < seconds; second += 1) {
    const startMs = performance.now();
    samples += await scrape(url);
    await pause(Math.max(0, 1_000 - (performance.now() - startMs)));
  }
  const cpuSeconds = readProcessUsage(pid).cpuSeconds - before;
  const version = spawnSync(program, ["--version"], { encoding: "utf8" });
  return {
    cpuMicrosecondsPerSample: (cpuSeconds * 1e6) / samples,
    conditions: {
      nodeExporter: `${version.stdout}${version.stderr}`.split("\n")[0] ?? program,
      nodeExporterCollectors: collectors,
      nodeExporterSamplesPerScrape: Math.round(samples / seconds),
      nodeExporterScrape: "every second, plain HTTP on loopback",
    },
  };
}

/** Samples in one answer. */
async function scrape(url: string): Promise<number> {
  const text = await (await fetch(url)).text();
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).length;
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
