import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { BenchReport } from "#test/bench/bench-report.ts";

const run = promisify(execFile);

/** The names that scripts read; a figure that cannot be measured here may be left out. */
const figures = {
  agent: [
    "anonMiB",
    "childProcessesPerMinute",
    "cpuMicrosecondsPerSample",
    "cpuPercentOfCore",
    "rssMiB",
    "samplesPerSecond",
  ],
  ingest: [
    "ackMsP99",
    "agentCpuMicrosecondsPerSample",
    "lostSamples",
    "readableSamples",
    "reportsPerCpuSecond",
    "rssKiBPerHost",
    "samplesPerCpuSecond",
    "storedBytesPerSample",
    "takenSamples",
    "visibleMsP99",
    "wireBytesPerSample",
  ],
  storm: ["cpuMsPerHandshake", "falselyLost", "secondsUntilAllBack"],
} as const;

async function bench(
  name: keyof typeof figures,
  ...flags: readonly string[]
): Promise<BenchReport> {
  const program = join(import.meta.dirname, "../bench/bench.ts");
  const { stdout } = await run(process.execPath, [program, name, "--json", ...flags]);
  return JSON.parse(stdout) as BenchReport;
}

test.each([
  ["agent", "--seconds", "10"],
  ["ingest", "--hosts", "5", "--seconds", "10"],
  ["storm", "--hosts", "5", "--seconds", "2"],
] as const)(
  "bench %s prints one object with its figures, all of them numbers",
  async (name, ...flags) => {
    const report = await bench(name, ...flags);
    expect(report.bench).toBe(name);
    const optional = "nodeExporterCpuMicrosecondsPerSample";
    expect(
      Object.keys(report.figures)
        .filter((figure) => figure !== optional)
        .sort(),
    ).toEqual(figures[name]);
    for (const figure of Object.values(report.figures)) expect(figure).toEqual(expect.any(Number));
    expect(report.conditions).toMatchObject({ node: process.version });
    if (name === "ingest") expect(report.figures["lostSamples"]).toBe(0);
    if (name === "storm") expect(report.figures["falselyLost"]).toBe(0);
  },
  300_000,
);
