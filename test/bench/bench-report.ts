import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem } from "node:os";

/** What `npm run -s bench -- NAME --json` prints. */
export interface BenchReport {
  readonly bench: string;
  readonly figures: Readonly<Record<string, number>>;
  /** What the figures were measured under; without it they mean nothing. */
  readonly conditions: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

export interface BenchOptions {
  readonly hosts: number;
  readonly seconds: number;
  readonly series: number;
  /** A fake host's root, with proc and sys in it; null: this machine. */
  readonly root: string | null;
  /** Where people read how far it is; never standard output. */
  readonly say: (text: string) => void;
}

export function machineConditions(): BenchReport["conditions"] {
  return {
    node: process.version,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    kernel: release(),
    memoryMiB: Math.round(totalmem() / 1_048_576),
    loadAverage: readFileSync("/proc/loadavg", "utf8").split(" ").slice(0, 3).join(" "),
    date: new Date().toISOString(),
  };
}

/** Four significant digits: more than any of these measurements repeats. */
export function rounded(figures: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [
      name,
      Number.isInteger(value) ? value : Number(value.toPrecision(4)),
    ]),
  );
}

/** Nearest rank; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
