import { createCollectors } from "#agent/collectors/create-collectors.ts";
import type { SampleSink, SeriesRequest } from "#agent/collectors/collector.ts";
import type { HardwareSource, ToolRequest } from "#agent/hardware/hardware-source.ts";
import { startReporter } from "#agent/report/reporter.ts";
import type { HostState } from "#proto/messages/state.ts";
import { sleep } from "#proto/vocabulary/clock.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { fail } from "#proto/vocabulary/result.ts";
import type { MemorySource } from "#test/support/memory-source.ts";
import { failingShape } from "#test/support/splice/record-failure.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createSyntheticServer } from "#test/support/synthetic-host/synthetic-server.ts";
import { createVirtualClock, type VirtualClock } from "#test/support/virtual-clock.ts";

/** What breaks on the machine, and when; `atMs` is counted from the start of the agent. */
export interface Breakage {
  readonly atMs: number;
  /** Changes the machine after each second from then on: what is gone must stay gone. */
  breakSource?(source: MemorySource): void;
  /** How long a tool takes from then on; null: as long as it always does. */
  toolMs?(request: ToolRequest): number | null;
  /** Refuses reads of files by path from then on. */
  readonly gone?: RegExp;
}

export interface Watched {
  /** Times at which each series was set, ms since start, by `metric{attributes}`. */
  readonly times: ReadonlyMap<string, readonly number[]>;
  readonly values: ReadonlyMap<string, number>;
  /** How often each tool was called, and how many of it ran at once at most. */
  readonly calls: ReadonlyMap<string, number>;
  readonly atOnceMax: ReadonlyMap<string, number>;
  readonly state: HostState | null;
}

const usualToolMs = 150;

/**
 * Runs the agent's real loop with all its real collectors over a made-up server for a while of
 * virtual time, and notes when each series was set.
 */
export async function watchMachine(forMs: number, breakage: Breakage | null): Promise<Watched> {
  const shape = { ...failingShape(true), frames: forMs / 1_000 + 10 };
  const server = createSyntheticServer(shape);
  const clock = createVirtualClock();
  const times = new Map<string, number[]>();
  const values = new Map<string, number>();
  const tools = watchTools(server.source, clock, () => (isBroken() ? breakage : null));
  const isBroken = (): boolean => breakage !== null && clock.nowMonotonicMs() >= breakage.atMs;
  server.moveTo(0);
  const reporter = startReporter({
    clock,
    log: silentLog,
    createCollectors: (sink) =>
      createCollectors({
        source: tools.source,
        sink: watchSink(sink, (name, integer) => {
          const noted = times.get(name) ?? [];
          noted.push(clock.nowMonotonicMs());
          times.set(name, noted);
          values.set(name, integer);
        }),
        clock,
        random: createSeededRandom(1),
        log: silentLog,
      }),
    pace: { stepMs: 1_000, reportIntervalMs: 10_000 },
    ringBytesMax: 4 * 1024 * 1024,
    spread: 0,
    previousRun: null,
    onNews: () => {},
  });
  for (let second = 0; second < forMs / 1_000; second += 1) {
    // Between two looks, never within one.
    await clock.advance(500);
    server.moveTo(second + 1);
    if (isBroken()) breakage?.breakSource?.(server.source);
    await clock.advance(500);
  }
  const state = reporter.state();
  reporter.stop();
  return { times, values, calls: tools.calls, atOnceMax: tools.atOnceMax, state };
}

function watchSink(sink: SampleSink, note: (name: string, integer: number) => void): SampleSink {
  const names = new Map<number, string>();
  return {
    declare(request) {
      const handle = sink.declare(request);
      names.set(handle, nameOf(request));
      return handle;
    },
    set(handle, integer) {
      note(names.get(handle) ?? "", integer);
      sink.set(handle, integer);
    },
  };
}

function nameOf({ metric, attributes }: SeriesRequest): string {
  return `${metric}{${Object.values(attributes).join(",")}}`;
}

/** Tools take their time on the virtual clock, up to the limit that the caller gave. */
function watchTools(source: MemorySource, clock: VirtualClock, breakage: () => Breakage | null) {
  const calls = new Map<string, number>();
  const running = new Map<string, number>();
  const atOnceMax = new Map<string, number>();
  const isGone = (path: string): boolean => breakage()?.gone?.test(path) === true;
  const missing = (path: string) => fail({ kind: "missing", path, errno: "ENOENT" } as const);
  const watched: HardwareSource = {
    ...source,
    readText: (path) => (isGone(path) ? missing(path) : source.readText(path)),
    listDirectory(path) {
      if (isGone(path)) return missing(path);
      const listed = source.listDirectory(path);
      if (!listed.ok) return listed;
      return { ok: true, value: listed.value.filter((name) => !isGone(`${path}/${name}`)) };
    },
    readLink: (path) => (isGone(path) ? missing(path) : source.readLink(path)),
    openCounterFile(path) {
      if (isGone(path)) return missing(path);
      const opened = source.openCounterFile(path);
      if (!opened.ok) return opened;
      const file = opened.value;
      const read = () =>
        isGone(path) ? fail({ kind: "failed", path, errno: "ENODEV" } as const) : file.read();
      return { ok: true, value: { path, read, close: () => file.close() } };
    },
    async runTool(request) {
      const { tool, timeoutMs } = request;
      calls.set(tool, (calls.get(tool) ?? 0) + 1);
      const now = (running.get(tool) ?? 0) + 1;
      running.set(tool, now);
      atOnceMax.set(tool, Math.max(now, atOnceMax.get(tool) ?? 0));
      const tookMs = breakage()?.toolMs?.(request) ?? usualToolMs;
      await sleep(clock, Math.min(tookMs, timeoutMs));
      running.set(tool, (running.get(tool) ?? 1) - 1);
      if (tookMs <= timeoutMs) return source.runTool(request);
      const detail = `${tool} gave no answer within ${timeoutMs} ms`;
      return fail({ kind: "timed-out", tool, detail });
    },
  };
  return { source: watched, calls, atOnceMax };
}
