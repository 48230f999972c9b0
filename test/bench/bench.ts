import { parseArgs } from "node:util";
import { benchAgent } from "./agent-bench.ts";
import type { BenchOptions, BenchReport } from "./bench-report.ts";
import { benchIngest } from "./ingest-bench.ts";
import { benchParse } from "./parse-bench.ts";
import { benchPlan } from "./plan-bench.ts";
import { benchReport } from "./report-bench.ts";
import { benchStorm } from "./storm-bench.ts";

/** `npm run -s bench -- NAME [--json] [--hosts N] [--seconds S] [--series K] [--root DIR]`. */
const benches: Readonly<Record<string, (options: BenchOptions) => Promise<BenchReport>>> = {
  agent: benchAgent,
  ingest: benchIngest,
  parse: benchParse,
  plan: benchPlan,
  report: benchReport,
  storm: benchStorm,
};

/** What a figure is asked for with when nobody says otherwise; each takes about a minute. */
const defaults: Readonly<Record<string, Pick<BenchOptions, "hosts" | "seconds" | "series">>> = {
  agent: { hosts: 1, seconds: 30, series: 180 },
  ingest: { hosts: 200, seconds: 30, series: 180 },
  parse: { hosts: 1, seconds: 1, series: 1 },
  plan: { hosts: 10_000, seconds: 1, series: 1 },
  report: { hosts: 10_000, seconds: 1, series: 1 },
  storm: { hosts: 200, seconds: 30, series: 10 },
};

process.exitCode = await run(process.argv.slice(2));

async function run(args: readonly string[]): Promise<number> {
  const asked = readArguments(args);
  if (typeof asked === "string") {
    process.stderr.write(
      `bench: ${asked}\n  write npm run -s bench -- NAME [--json] [--hosts N] [--seconds S] [--series K] [--root DIR]\n  NAME is ${Object.keys(benches).join(", ")}\n`,
    );
    return 2;
  }
  const { bench, isJson, options } = asked;
  const report = await bench(options);
  process.stdout.write(isJson ? `${JSON.stringify(report)}\n` : describe(report));
  return 0;
}

interface Asked {
  readonly bench: (options: BenchOptions) => Promise<BenchReport>;
  readonly isJson: boolean;
  readonly options: BenchOptions;
}

/** A text: what is wrong with them. */
function readArguments(args: readonly string[]): Asked | string {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { values, positionals } = parsed;
  const [name = ""] = positionals;
  const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
  const usual = defaults[name];
  if (bench === undefined || usual === undefined || positionals.length > 1) {
    return positionals.length === 0 ? "which one?" : `there is no bench "${positionals.join(" ")}"`;
  }
  const hosts = Number(values.hosts ?? usual.hosts);
  const seconds = Number(values.seconds ?? usual.seconds);
  const series = Number(values.series ?? usual.series);
  for (const [flag, number] of Object.entries({ hosts, seconds, series })) {
    if (!Number.isSafeInteger(number) || number < 1) return `--${flag} takes a whole number from 1`;
  }
  const say = (text: string): void => {
    process.stderr.write(`bench: ${text}\n`);
  };
  const options = { hosts, seconds, series, root: values.root ?? null, say };
  return { bench, isJson: values.json ?? false, options };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: "boolean" },
      hosts: { type: "string" },
      seconds: { type: "string" },
      series: { type: "string" },
      root: { type: "string" },
    },
  });
}

function describe({ bench, figures, conditions }: BenchReport): string {
  const lines = (facts: object): string =>
    Object.entries(facts)
      .map(([name, value]) => `  ${name.padEnd(38)}${String(value)}\n`)
      .join("");
  return `${bench}\n${lines(figures)}conditions\n${lines(conditions)}`;
}
