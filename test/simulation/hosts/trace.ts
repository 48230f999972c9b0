import { createHash } from "node:crypto";

/** What happened in a run, line by line: two runs of one story are the same when their hashes are. */
export interface Trace {
  note(line: string): void;
  /** Counts without a line of its own: part of the hash. */
  count(what: string): void;
  steps(): number;
  /** The newest lines, each with its step and the world's time. */
  tail(lines: number): readonly string[];
  hash(): string;
}

const keptLines = 4_000;

export function createTrace(nowMs: () => number): Trace {
  const hash = createHash("sha256");
  const counts = new Map<string, number>();
  let kept: string[] = [];
  let steps = 0;
  return {
    note(line) {
      steps += 1;
      const text = `${Math.round(nowMs())} ${line}`;
      hash.update(`${text}\n`);
      kept.push(`step ${steps} at ${clockText(nowMs())} ${line}`);
      if (kept.length > 2 * keptLines) kept = kept.slice(-keptLines);
    },
    count(what) {
      counts.set(what, (counts.get(what) ?? 0) + 1);
    },
    steps: () => steps,
    tail: (lines) => kept.slice(-lines),
    hash() {
      const copy = hash.copy();
      for (const [what, times] of [...counts].toSorted()) copy.update(`${what} ${times}\n`);
      return copy.digest("hex");
    },
  };
}

/** `1d 02:03:04.005`, from the start of the run. */
export function clockText(ms: number): string {
  const days = Math.floor(ms / 86_400_000);
  const text = new Date(Math.floor(ms) % 86_400_000).toISOString().slice(11, 23);
  return days === 0 ? text : `${days}d ${text}`;
}
