import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { fuzzTargets } from "#test/fuzz/all-targets.ts";
import { enlarge } from "#test/fuzz/enlarge.ts";
import type { FuzzTarget } from "#test/fuzz/fuzz-target.ts";
import { type BenchOptions, type BenchReport, machineConditions, rounded } from "./bench-report.ts";

/** Length to which a sample is repeated, and eight times that: linear means an eighth of the time. */
const shortLength = 16 * 1024;
const factor = 8;
const runs = 15;

/**
 * Time and heap of each parser over its own samples: microseconds and kibibytes allocated for a
 * mebibyte of input, and how much longer eight times the input takes (8 is linear).
 */
export async function benchParse({ say }: BenchOptions): Promise<BenchReport> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const figures: Record<string, number> = {};
  let [slowest, fullest, steepest] = [0, 0, 0];
  for (const target of fuzzTargets) {
    say(target.name);
    const sample = longest(target);
    const times = Math.max(1, Math.ceil(shortLength / (sample.length + 1)));
    const short = enlarge(sample, times);
    const long = enlarge(sample, times * factor);
    const shortMs = bestMs(target, short);
    const longMs = bestMs(target, long);
    const mebibytes = long.length / 1_048_576;
    const millisecondsPerMiB = longMs / mebibytes;
    const heapKiB = heapOf(target, long, collect) / 1_024;
    // A sample of one object cannot be made longer: then this says nothing and is about 1.
    const steepness = longMs / shortMs;
    figures[`${target.name} ms per MiB`] = millisecondsPerMiB;
    figures[`${target.name} heap KiB per MiB`] = heapKiB / mebibytes;
    figures[`${target.name} times for x${factor}`] = steepness;
    slowest = Math.max(slowest, millisecondsPerMiB);
    fullest = Math.max(fullest, heapKiB / mebibytes);
    steepest = Math.max(steepest, steepness);
  }
  return {
    bench: "parse",
    figures: rounded({
      ...figures,
      parsers: fuzzTargets.length,
      "slowest, ms per MiB": slowest,
      "most heap, KiB per MiB": fullest,
      [`steepest, times for x${factor}`]: steepest,
    }),
    conditions: { ...machineConditions(), shortLength, factor, runs },
  };
}

function longest(target: FuzzTarget): string {
  return target.samples().reduce((best, text) => (text.length > best.length ? text : best), "");
}

/** The best of some runs: what the machine's other work adds is not the parser's. */
function bestMs(target: FuzzTarget, text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run += 1) {
    const begin = performance.now();
    tryParse(target, text);
    best = Math.min(best, performance.now() - begin);
  }
  return best;
}

/** What is on the heap right after a parse, garbage of it included, that was not there before. */
function heapOf(target: FuzzTarget, text: string, collect: () => void): number {
  collect();
  const before = process.memoryUsage().heapUsed;
  const answer = tryParse(target, text);
  const after = process.memoryUsage().heapUsed;
  return answer === undefined ? 0 : Math.max(0, after - before);
}

function tryParse(target: FuzzTarget, text: string): unknown {
  try {
    return target.parse(text);
  } catch {
    return null;
  }
}
