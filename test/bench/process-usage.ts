import { readdirSync, readFileSync } from "node:fs";

/** What a process has used, by the kernel's books (proc(5)). */
export interface ProcessUsage {
  /** User and system time of the process itself, all threads. */
  readonly ownCpuSeconds: number;
  /** Of children that have ended and were waited for, in whole ticks. */
  readonly childCpuSeconds: number;
  /** Both. */
  readonly cpuSeconds: number;
  readonly rssKiB: number;
  /** What is its own: no file behind it. */
  readonly anonymousKiB: number;
}

/** Of USER_HZ, 100 on every Linux we run on: one tick of user or system time. */
const tickSeconds = 0.01;

export function readProcessUsage(pid: number): ProcessUsage {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in parentheses may hold anything; fields are counted from behind it, utime is the 14th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = (...at: readonly number[]): number =>
    at.reduce((sum, field) => sum + Number(fields[field]), 0) * tickSeconds;
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kibibytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? Number.NaN);
  const ownCpuSeconds = readRunSeconds(pid) ?? ticks(11, 12);
  const childCpuSeconds = ticks(13, 14);
  return {
    ownCpuSeconds,
    childCpuSeconds,
    cpuSeconds: ownCpuSeconds + childCpuSeconds,
    rssKiB: kibibytes("VmRSS"),
    anonymousKiB: kibibytes("RssAnon"),
  };
}

/**
 * Time on a processor of all threads that there are, in nanoseconds: an agent uses a few ticks in
 * half a minute. Ours keep their threads for life. null: the kernel does not count it.
 */
function readRunSeconds(pid: number): number | null {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      nanoseconds += Number(
        readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0],
      );
    } catch {
      return null;
    }
  }
  return nanoseconds > 0 ? nanoseconds / 1e9 : null;
}

/** Children that are there now, of every thread. */
export function listChildren(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    try {
      const text = readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8");
      return text.split(" ").filter(Boolean).map(Number);
    } catch {
      // The thread has ended meanwhile.
      return [];
    }
  });
}
