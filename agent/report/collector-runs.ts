import type {
  Collector,
  CollectorOutcome,
  CollectProblem,
  Discovery,
  SampleSink,
  SeriesHandle,
  Subject,
} from "#agent/collectors/collector.ts";
import type { Absence } from "#proto/messages/state.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { MonotonicMs } from "#proto/vocabulary/units.ts";

/**
 * Runs the collectors, each on its own: what one throws or leaves unfinished costs its own samples
 * and nothing else, and is told with how long it took.
 */
export interface CollectorRuns {
  /** Whether any subject should look anew for what is there. */
  isDiscoveryDue(at: MonotonicMs): boolean;
  /** Looks anew for what is there where that is due. Answers how many looked. */
  discover(at: MonotonicMs): Promise<number>;
  /** Starts everything that is due; the fast ones are done when it returns. */
  step(at: MonotonicMs): void;
  /** What each subject said last. */
  facts(): readonly SubjectFacts[];
  close(): void;
}

export interface SubjectFacts {
  readonly outcome: CollectorOutcome;
  /** null until the first discovery is through. */
  readonly discovery: Discovery | null;
  /** Of the last collection. */
  readonly problem: CollectProblem | null;
}

/**
 * How often hot-plugged parts are looked for: disks, links and mounts come and go; chips and zones of
 * the board hardly do, and finding them reads a hundred small files, as much as a minute of sampling.
 * What goes is told at once by the collection that misses it. Rarely where looking starts programs.
 */
const rediscoverMs: Readonly<Record<Subject, number>> = {
  cpu: 300_000,
  memory: 300_000,
  disks: 60_000,
  filesystems: 60_000,
  network: 60_000,
  power: 300_000,
  thermal: 300_000,
  agent: 600_000,
  ipmi: 600_000,
  identity: 6 * 3_600_000,
  latency: 60_000,
  mounts: 60_000,
  numa: 300_000,
  pressure: 300_000,
  processor: 300_000,
  errors: 300_000,
  smart: 600_000,
  raid: 60_000,
  links: 60_000,
  gpu: 600_000,
  parts: 6 * 3_600_000,
  boot: 6 * 3_600_000,
};

/** What could not be looked for is looked for again after so long, if it is not due before. */
const retryDiscoveryMs = 60_000;

/** The sink that collectors are given: counts who set how much, and hands on. */
export interface CountingSink extends SampleSink {
  owner: Run | null;
  readonly busy: Set<Run>;
}

interface Run {
  readonly collector: Collector;
  readonly subject: Subject;
  dueMs: number;
  discoverDueMs: number;
  isCollecting: boolean;
  isDiscovering: boolean;
  durationMs: number;
  points: number;
  /** Points of the collection before this one: what is told while one is under way. */
  pointsBefore: number;
  failure: string | null;
  discoveryFailure: string | null;
  discovery: Discovery | null;
  problem: CollectProblem | null;
}

export function createCountingSink(sink: SampleSink): CountingSink {
  const counting: CountingSink = {
    owner: null,
    busy: new Set(),
    declare: (request) => sink.declare(request),
    set(handle: SeriesHandle, integer: number): void {
      const { owner } = counting;
      if (owner !== null) owner.points += 1;
      else if (counting.busy.size === 1) for (const run of counting.busy) run.points += 1;
      sink.set(handle, integer);
    },
  };
  return counting;
}

export function createCollectorRuns(
  collectors: readonly Collector[],
  sink: CountingSink,
  clock: Pick<Clock, "nowMonotonicMs">,
): CollectorRuns {
  let isClosed = false;
  const runs = collectors.map(
    (collector): Run => ({
      collector,
      subject: collector.subject,
      dueMs: Number.NEGATIVE_INFINITY,
      discoverDueMs: Number.NEGATIVE_INFINITY,
      isCollecting: false,
      isDiscovering: false,
      durationMs: 0,
      points: 0,
      pointsBefore: 0,
      failure: null,
      discoveryFailure: null,
      discovery: null,
      problem: null,
    }),
  );

  /** Both answer what time it is now. */
  const finish = (run: Run, startedMs: number, problem: CollectProblem | null): number => {
    // Told anew in the same words it stays the same object: whoever compares states looks no further.
    if (!isSameProblem(run.problem, problem)) run.problem = problem;
    run.failure = null;
    const nowMs = clock.nowMonotonicMs();
    run.durationMs = nowMs - startedMs;
    return nowMs;
  };
  const failed = (run: Run, startedMs: number, error: unknown): number => {
    const nowMs = finish(run, startedMs, null);
    run.failure = textOf(error);
    return nowMs;
  };

  /** Answers when this one was through, which is when the next begins: the clock is asked once each. */
  const collect = (run: Run, at: MonotonicMs, startedMs: number): number => {
    run.pointsBefore = run.points;
    run.points = 0;
    sink.owner = run;
    try {
      const answer = run.collector.collect(at);
      if (!(answer instanceof Promise)) return finish(run, startedMs, answer);
      run.isCollecting = true;
      sink.busy.add(run);
      answer
        .then(
          (problem) => finish(run, startedMs, problem),
          (error: unknown) => failed(run, startedMs, error),
        )
        .finally(() => {
          run.isCollecting = false;
          sink.busy.delete(run);
        });
      return clock.nowMonotonicMs();
    } catch (error) {
      return failed(run, startedMs, error);
    } finally {
      sink.owner = null;
    }
  };

  const isDue = (run: Run, at: MonotonicMs): boolean =>
    at >= run.discoverDueMs && !run.isDiscovering && !isClosed;

  const discover = async (run: Run, at: MonotonicMs): Promise<void> => {
    run.discoverDueMs = at + rediscoverMs[run.subject];
    run.isDiscovering = true;
    try {
      run.discovery = await run.collector.discover();
      run.discoveryFailure = null;
    } catch (error) {
      run.discoveryFailure = textOf(error);
      run.discoverDueMs = Math.min(run.discoverDueMs, at + retryDiscoveryMs);
    } finally {
      run.isDiscovering = false;
    }
  };

  return {
    isDiscoveryDue: (at) => runs.some((run) => isDue(run, at)),
    async discover(at) {
      const due = runs.filter((run) => isDue(run, at));
      await Promise.all(due.map((run) => discover(run, at)));
      return due.length;
    },
    step(at) {
      let nowMs: number = clock.nowMonotonicMs();
      for (let index = 0; index < runs.length; index += 1) {
        const run = runs[index];
        if (run === undefined) continue;
        if (run.isCollecting || run.discovery === null || at < run.dueMs) continue;
        // From the mark it was due at, not from when it ran: cadences do not drift.
        const { cadenceMs } = run.collector;
        run.dueMs = run.dueMs + cadenceMs > at - cadenceMs ? run.dueMs + cadenceMs : at + cadenceMs;
        nowMs = collect(run, at, nowMs);
      }
    },
    facts: () => runs.map(toFacts),
    close() {
      isClosed = true;
      for (const run of runs) {
        try {
          run.collector.close();
        } catch {
          // It is going away; there is nobody left to tell.
        }
      }
    },
  };
}

function toFacts(run: Run): SubjectFacts {
  const { subject, discovery, problem, failure, discoveryFailure } = run;
  const whatFailed = failure ?? discoveryFailure;
  const outcome = whatFailed !== null ? "failed" : problem !== null ? "partial" : "ok";
  return {
    outcome: {
      subject,
      outcome,
      durationMicroseconds: Math.round(run.durationMs * 1_000),
      series: run.isCollecting ? run.pointsBefore : run.points,
      detail: whatFailed ?? problem?.detail ?? "",
    },
    discovery,
    problem,
  };
}

function isSameProblem(left: CollectProblem | null, right: CollectProblem | null): boolean {
  if (left === null || right === null) return left === right;
  return (
    left.detail === right.detail &&
    left.absences.length === right.absences.length &&
    left.absences.every((absence, index) => isSameAbsence(absence, right.absences[index]))
  );
}

function isSameAbsence(left: Absence, right: Absence | undefined): boolean {
  if (left === right) return true;
  return (
    left.what === right?.what &&
    left.reason === right.reason &&
    left.detail === right.detail &&
    left.attributes.length === right.attributes.length &&
    left.attributes.every(({ key, value }, index) => {
      const other = right.attributes[index];
      return key === other?.key && value === other.value;
    })
  );
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
