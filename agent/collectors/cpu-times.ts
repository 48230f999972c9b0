import { type IntegerScanner, wordBytes } from "./integer-scanner.ts";

/** The modes that make up the whole; guest is inside user and guest_nice inside nice. */
export const cpuModes = [
  "user",
  "nice",
  "system",
  "idle",
  "iowait",
  "interrupt",
  "softirq",
  "steal",
] as const;
export const cpuModeCount = cpuModes.length;
const idleMode = 3;
const iowaitMode = 4;

/** Row of the `cpu` line; CPU n is in row n + 1. */
export const wholeHostRow = 0;

/**
 * CPU times as /proc/stat gives them, in ticks of 1/100 s since boot. Kept as two readings, for a
 * share is made of two raw readings and never of a library's memory.
 */
export class CpuTimes {
  #ticks = new Float64Array(0);
  #seen = new Uint8Array(0);

  has(row: number): boolean {
    return this.#seen[row] === 1;
  }

  ticks(row: number, mode: number): number {
    return this.#ticks[row * cpuModeCount + mode] ?? 0;
  }

  /** CPU numbers that the text has a line for, in its order. */
  numbers(): readonly number[] {
    const numbers: number[] = [];
    for (let row = 1; row < this.#seen.length; row += 1)
      if (this.#seen[row] === 1) numbers.push(row - 1);
    return numbers;
  }

  /**
   * Takes over /proc/stat: 4 to 10 numbers a line (old kernels lack steal and guest). Lines after
   * the CPUs are not looked at. False: no `cpu` line.
   */
  parse(scanner: IntegerScanner, bytes: Uint8Array): boolean {
    this.#seen.fill(0);
    scanner.reset(bytes);
    while (scanner.take(cpuWord)) {
      // `cpu` alone is the whole host; `cpu7` is one; anything else is none of ours.
      const isWhole = scanner.bytes[scanner.position] === space;
      const number = isWhole ? -1 : scanner.integer();
      if (isWhole || number >= 0) this.#parseLine(scanner, number + 1);
      scanner.skipLine();
    }
    return this.has(wholeHostRow);
  }

  /** `cpuTicksBetween`, where both readings lie open: sixty-five rows of eight, each second. */
  since(before: CpuTimes, row: number, deltas: Float64Array): number {
    if (before.#seen[row] !== 1 || this.#seen[row] !== 1) return 0;
    const earlier = before.#ticks;
    const later = this.#ticks;
    const base = row * cpuModeCount;
    let total = 0;
    for (let mode = 0; mode < cpuModeCount; mode += 1) {
      const delta = (later[base + mode] ?? 0) - (earlier[base + mode] ?? 0);
      if (delta < 0) return 0;
      deltas[mode] = delta;
      total += delta;
    }
    return total;
  }

  #parseLine(scanner: IntegerScanner, row: number): void {
    if (row > cpusMax) return;
    if (row >= this.#seen.length) this.#grow(row);
    const base = row * cpuModeCount;
    const ticks = this.#ticks;
    const good = scanner.integers(ticks, base, cpuModeCount);
    if (good <= idleMode) return;
    for (let at = base + good; at < base + cpuModeCount; at += 1) {
      if ((ticks[at] ?? 0) < 0) ticks[at] = 0;
    }
    this.#seen[row] = 1;
  }

  #grow(row: number): void {
    const rows = Math.max(16, row + 1, this.#seen.length * 2);
    const ticks = new Float64Array(rows * cpuModeCount);
    ticks.set(this.#ticks);
    const seen = new Uint8Array(rows);
    seen.set(this.#seen);
    this.#ticks = ticks;
    this.#seen = seen;
  }
}

/**
 * Fills `deltas` with the ticks of each mode between two readings of one row and gives their sum.
 * 0: nothing can be said — the row is not in both, a time went back (idle and iowait do), or none
 * passed. A step back is never clamped: the caller leaves the point out.
 */
export function cpuTicksBetween(
  before: CpuTimes,
  now: CpuTimes,
  row: number,
  deltas: Float64Array,
): number {
  return now.since(before, row, deltas);
}

/** Ticks neither idle nor waiting for I/O, of the deltas that `cpuTicksBetween` filled. */
export function busyTicks(deltas: Float64Array, total: number): number {
  return total - (deltas[idleMode] ?? 0) - (deltas[iowaitMode] ?? 0);
}

/** Largest CPU number believed; the kernel's own limit (NR_CPUS) is 8192. */
const cpusMax = 8192;
const cpuWord = wordBytes("cpu");
const space = 0x20;
