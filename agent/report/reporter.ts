import type { Collector, SampleSink } from "#agent/collectors/collector.ts";
import { decodeAgentFrame, encodeAgentFrame } from "#proto/codec/agent-frames.ts";
import type { Report } from "#proto/messages/report.ts";
import type { Absence, HostState } from "#proto/messages/state.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import type { DictionaryDigest } from "#proto/vocabulary/ids.ts";
import { invariant } from "#proto/vocabulary/invariant.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { type MonotonicMs, monotonicMs, type UnixMs } from "#proto/vocabulary/units.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { createBatchMaker } from "./batch-maker.ts";
import { clockAbsence } from "./clock-absence.ts";
import { createCollectorRuns, createCountingSink } from "./collector-runs.ts";
import { createHostStates } from "./host-state.ts";
import { createReportRing, type ReportRing, restampMsMin } from "./report-ring.ts";
import { createSampleTable } from "./sample-table.ts";
import { createStepClock } from "./step-clock.ts";
import { type ClockStanding, createTimeAnchor, type TimeAnchor } from "./time-anchor.ts";

/**
 * The loop that looks: steps on the second, collectors at each, batches into the ring. It runs
 * whether or not anybody listens.
 */
export interface Reporter {
  readonly ring: ReportRing;
  readonly time: TimeAnchor;
  state(): HostState | null;
  /** Digest of the dictionary that the next report to be sent uses. */
  nextDictionary(): DictionaryDigest;
  observeManager(managerMs: UnixMs, roundTripMs: number): void;
  setPace(pace: Partial<Pace>): void;
  pace(): Pace;
  /** Makes a report of what was taken so far, unless that is next to nothing. */
  closeBatch(): void;
  /** A new revision of the state, though nothing changed. */
  renewState(): void;
  stop(): void;
}

export interface Pace {
  readonly stepMs: number;
  readonly reportIntervalMs: number;
}

export interface ReporterParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly createCollectors: (sink: SampleSink) => readonly Collector[];
  readonly pace: Pace;
  readonly ringBytesMax: number;
  /** A whole number that tells hosts apart; spreads looks and reports over the second and the interval. */
  readonly spread: number;
  readonly previousRun: PreviousRun | null;
  /** There is a new report or a new state. */
  readonly onNews: () => void;
}

/** What an earlier run of the agent on this host left. */
export interface PreviousRun {
  /** End of the newest point that the manager acknowledged. */
  readonly acknowledgedToMs: UnixMs | null;
  readonly stateRevision: number;
}

export const stepMsMax = 60_000;
export const reportIntervalMsMax = 300_000;
/** The first report after a start goes as soon as counters have given a point or two. */
const firstBatchSteps = 3;
/** Share of a step over which hosts spread: the rest is for looking, before the next mark. */
const staggerShare = 0.8;

export function startReporter(parts: ReporterParts): Reporter {
  const { clock, log, spread } = parts;
  const now = (): MonotonicMs => clock.nowMonotonicMs();
  const time = createTimeAnchor(clock.nowUnixMs(), now());
  const table = createSampleTable(Math.floor(now() / parts.pace.stepMs));
  const sink = createCountingSink(table);
  const runs = createCollectorRuns(parts.createCollectors(sink), sink, clock);
  const states = createHostStates({
    encodedBytes: (state) => encodeAgentFrame({ kind: "state", state }).byteLength,
    bytesMax: wireLimits.messageBytesMax,
    firstRevision: Math.max((parts.previousRun?.stateRevision ?? 0) + 1, clock.nowUnixMs()),
  });
  const ring = createReportRing({
    bytesMax: parts.ringBytesMax,
    encode: (report) => encodeAgentFrame({ kind: "report", report }),
    decode: decodeOwnReport,
    unixOf: time.unixOf,
  });
  let pace = parts.pace;
  const batches = createBatchMaker({
    table,
    ring,
    log,
    stepMs: () => pace.stepMs,
    acknowledgedBefore: parts.previousRun?.acknowledgedToMs ?? null,
  });
  let standing: ClockStanding = "unknown";
  let batchFirstStep = 0;
  let lastStep = 0;
  let cancelTimer: CancelTimer = () => {};
  let isStopped = false;

  const newSteps = (dueMs: MonotonicMs | null) => {
    // One reading: between two the millisecond may change, and no mark would be a whole step.
    const at = now();
    return createStepClock({
      stepMs: pace.stepMs,
      staggerMs: Math.floor((spread % 1_000) * (staggerShare / 1_000) * pace.stepMs),
      now: at,
      unixOfNow: time.unixOf(at),
      dueMs,
    });
  };
  let steps = newSteps(null);

  const stepsPerBatch = (): number => Math.max(1, Math.round(pace.reportIntervalMs / pace.stepMs));
  const batchOf = (step: number): number =>
    Math.floor((step - (spread % stepsPerBatch())) / stepsPerBatch());

  const closeBatch = (): void => {
    if (!batches.close(steps.grid, lastStep)) return;
    observeState();
    parts.onNews();
  };

  const observeState = (): void => {
    sayStanding();
    const absence = clockAbsence(time);
    const extra: readonly Absence[] = absence === null ? [] : [absence];
    if (states.observe(runs.facts(), extra, time.unixOf(now()))) parts.onNews();
  };

  const sayStanding = (): void => {
    const next = time.standing();
    if (next === standing) return;
    const facts = { from: standing, to: next, offsetMs: time.offsetMs() };
    standing = next;
    if (next === "good") log.info(facts, "the host's clock agrees with the manager's");
    else log.warn(facts, "the host's clock differs from the manager's");
  };

  const discover = (): void => {
    if (!runs.isDiscoveryDue(now())) return;
    runs
      .discover(now())
      .then((subjects) => {
        if (subjects > 0 && !isStopped) observeState();
      })
      .catch((error: unknown) => log.error({ err: error }, "discovery failed"));
  };

  const move = (moveMs: number): void => {
    if (moveMs === 0) return;
    closeBatch();
    time.apply(moveMs);
    const due = steps.dueMs();
    const isSmallStepBack = moveMs < 0 && -moveMs <= restampMsMin;
    // Small steps back are waited out, or seconds that are already stamped would come twice.
    steps = newSteps(isSmallStepBack && due !== null ? monotonicMs(due - moveMs) : due);
    if (isSmallStepBack) table.forgetCounters();
    log.warn({ moveMs, offsetMs: time.offsetMs(), standing: time.standing() }, "time of day moved");
  };

  const step = (): void => {
    const at = now();
    move(time.observeWall(clock.nowUnixMs(), at));
    const taken = steps.take(at);
    if (taken.kind === "early") return;
    if (taken.kind === "woke") {
      const { fromMonotonicMs, toMonotonicMs } = taken;
      closeBatch();
      ring.addGap({
        from: { monotonicMs: fromMonotonicMs },
        toMonotonicMs,
        reason: "host-slept",
        seqs: null,
      });
      table.forgetCounters();
      log.warn({ sleptMs: toMonotonicMs - fromMonotonicMs }, "the host or the agent stood still");
    }
    if (table.steps() === 0) batchFirstStep = taken.index;
    lastStep = taken.index;
    table.begin(taken.index);
    runs.step(at);
    discover();
    const isFull = batchOf(taken.index + 1) !== batchOf(batchFirstStep);
    if (isFull || (!batches.hasMadeOne() && table.steps() >= firstBatchSteps)) closeBatch();
  };

  const tick = (): void => {
    if (isStopped) return;
    step();
    cancelTimer = clock.after(Math.max(1, steps.waitMs(now())), tick);
  };

  discover();
  cancelTimer = clock.after(Math.max(1, steps.waitMs(now())), tick);

  return {
    ring,
    time,
    state: states.current,
    nextDictionary: batches.nextDictionary,
    observeManager(managerMs, roundTripMs) {
      move(time.observeManager(managerMs, now(), roundTripMs));
      observeState();
    },
    setPace(changed) {
      const next = checkedPace({ ...pace, ...changed });
      if (next === null) {
        log.warn({ ...changed }, "pace is outside what this agent does; it keeps its own");
        return;
      }
      if (next.stepMs === pace.stepMs && next.reportIntervalMs === pace.reportIntervalMs) return;
      closeBatch();
      const due = steps.dueMs();
      const isNewStep = next.stepMs !== pace.stepMs;
      pace = next;
      if (isNewStep) {
        steps = newSteps(due);
        batches.forgetDictionaries();
      }
      log.info({ ...pace }, "pace changed");
    },
    pace: () => pace,
    closeBatch() {
      if (batches.hasMadeOne() || table.steps() >= firstBatchSteps) closeBatch();
    },
    renewState() {
      states.renew(time.unixOf(now()));
      parts.onNews();
    },
    stop() {
      if (isStopped) return;
      isStopped = true;
      cancelTimer();
      closeBatch();
      runs.close();
    },
  };
}

/** Steps lie on whole seconds; a report holds at least one. */
function checkedPace(pace: Pace): Pace | null {
  const { stepMs, reportIntervalMs } = pace;
  const isGoodStep = stepMs % 1_000 === 0 && stepMs >= 1_000 && stepMs <= stepMsMax;
  return isGoodStep && reportIntervalMs >= stepMs && reportIntervalMs <= reportIntervalMsMax
    ? { stepMs, reportIntervalMs }
    : null;
}

function decodeOwnReport(frame: Uint8Array): Report {
  const decoded = decodeAgentFrame(frame);
  invariant(decoded.ok && decoded.value.kind === "report", "a kept report does not decode");
  return decoded.value.report;
}
