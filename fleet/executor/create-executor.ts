import {
  decideDeadline,
  deadlineOf,
  isTimerFor,
  type OperationTimer,
} from "#fleet/lifecycle/decide-deadline.ts";
import type { FleetEvent } from "#fleet/inventory/fleet-events.ts";
import { decideWaiting } from "#fleet/lifecycle/decide-step.ts";
import { decideLeap, type Leap } from "#fleet/lifecycle/decide-leap.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { OrderProgress } from "#proto/messages/orders.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { createBmcDesk } from "./bmc-desk.ts";
import { noBmc } from "./bmc-port.ts";
import { evacuatingWhy, isNewsOf, namesLeft, sameNames } from "./evacuate-step.ts";
import type { ExecutorEffects } from "./executor-effects.ts";
import { ExecutorKilled } from "./fail-points.ts";
import { createFenceKeeper } from "./fence-keeper.ts";
import { createRunnerTable, type Runner } from "./runner-table.ts";
import { runStep } from "./run-step.ts";
import { createWallLeaps } from "./wall-leaps.ts";
import { createStepRun, newRunnerMemory, type Next, over, retryMs } from "./step-run.ts";

export interface Executor {
  /** Goes on with every open operation: the world is asked first, nothing is assumed. */
  start(): void;
  /** Nothing more is begun; what is under way is not waited for. */
  stop(): void;
}

/** How long after a failure of ours (the store is away) a step is looked at again. */
const failureRetryMs = 30_000;
/** Looks in a row at one operation without a wait; more would be a loop without end. */
const looksMax = 64;

/**
 * Carries out what was started: intent, act, outcome, step by step. It acts only while this manager
 * leads, and only for the operation and epoch that the host's record has.
 */
export function createExecutor(effects: ExecutorEffects): Executor {
  const { execution, clock, events, log, hosts } = effects;
  const runners = createRunnerTable();
  const leaps = createWallLeaps(clock);
  const bmc = effects.bmcDesk ?? createBmcDesk(noBmc, clock);
  let isStopped = true;
  let unsubscribe: readonly (() => void)[] = [];
  const keeper = createFenceKeeper(effects);

  const stop = (): void => {
    isStopped = true;
    for (const end of unsubscribe) end();
    unsubscribe = [];
    runners.clear();
    keeper.stop();
  };

  const leaptOf = ({ id, deadlineMs }: OperationRecord): number =>
    deadlineMs === null ? 0 : leaps.since(id, "deadline", deadlineMs);
  const leapOf = (operation: OperationRecord): Leap => ({
    deadlineMs: leaptOf(operation),
    stepMs: leaps.since(operation.id, "step", operation.stepSinceMs),
  });
  /** By the wall clock as it is now. */
  const dueOf = (operation: OperationRecord): number =>
    (deadlineOf(operation) ?? Infinity) + leaptOf(operation);

  const keyOf = (operation: OperationRecord): string => `${operation.id} ${operation.epoch}`;

  const wake = (operation: OperationRecord): void => {
    if (isStopped || operation.endedMs !== null) return;
    const key = keyOf(operation);
    const runner: Runner = runners.get(key) ?? {
      key,
      hostId: operation.hostId,
      operationId: operation.id,
      memory: newRunnerMemory(leaps),
      isBusy: false,
      isWanted: false,
      isWriting: false,
      cancelTimer: () => {},
    };
    if (runners.get(key) !== runner) runners.put(runner);
    if (runner.isBusy) {
      runner.isWanted ||= !runner.isWriting;
      return;
    }
    runner.cancelTimer();
    runner.isBusy = true;
    void pump(runner, operation);
  };

  const pump = async (runner: Runner, first: OperationRecord): Promise<void> => {
    const timer = { hostId: first.hostId, operationId: first.id, epoch: first.epoch };
    let next: Next = over;
    // Stopped, and perhaps started again since: another runner has its place.
    const isStale = (): boolean => isStopped || runners.get(runner.key) !== runner;
    try {
      for (let looks = 0; looks < looksMax; looks += 1) {
        runner.isWanted = false;
        next = await lookAt(runner, timer);
        if (isStale() || (next.kind !== "again" && !runner.isWanted)) break;
      }
    } catch (error) {
      if (error instanceof ExecutorKilled) return stop();
      log.error(
        { err: error, hostId: first.hostId, operationId: first.id },
        "a step failed on our side",
      );
      next = { kind: "look", inMs: failureRetryMs };
    }
    runner.isBusy = false;
    if (isStale()) return;
    const current = await currentOf(runner.hostId);
    if (isStale() || runner.isBusy) return;
    if (current === undefined) return lookAgain(runner, timer, failureRetryMs);
    if (!isTimerFor(timer, current)) {
      if (current?.id !== first.id) leaps.forget(first.id);
      runners.delete(runner);
      if (current !== null) wake(current);
      keeper.wake(runner.hostId);
      return;
    }
    if (current === null) return;
    const nowMs = clock.nowUnixMs();
    const deadlineMs = dueOf(current);
    const inMs = next.kind === "look" ? next.inMs : retryMs.refused;
    // A paused one waits for a person, whose word is an event; what it began is halted.
    if (current.status === "paused") return keeper.wake(runner.hostId);
    // A deadline that has passed and was not written (we do not lead) is no reason to hurry.
    const dueMs = Math.max(1, deadlineMs > nowMs ? Math.min(inMs, deadlineMs - nowMs) : inMs);
    lookAgain(runner, timer, dueMs);
  };

  const fire = async (runner: Runner, timer: OperationTimer): Promise<void> => {
    const current = await currentOf(timer.hostId);
    if (isStopped || runners.get(runner.key) !== runner || runner.isBusy) return;
    if (current === undefined) lookAgain(runner, timer, failureRetryMs);
    else if (current !== null && isTimerFor(timer, current)) wake(current);
    else runners.delete(runner);
  };

  const lookAgain = (runner: Runner, timer: OperationTimer, inMs: number): void => {
    runner.cancelTimer();
    runner.cancelTimer = clock.after(inMs, () => void fire(runner, timer));
  };

  /** undefined: it could not be read. */
  const currentOf = async (hostId: HostId): Promise<OperationRecord | null | undefined> => {
    try {
      return (await execution.facts(hostId))?.operation ?? null;
    } catch (error) {
      log.error({ err: error, hostId }, "a host could not be read");
      return undefined;
    }
  };

  /** Runners of ended operations and of epochs that are over; one that is busy ends by itself. */
  const endOld = (hostId: HostId, current: OperationRecord | null): void => {
    const key = current === null ? null : keyOf(current);
    for (const runner of runners.ofHost(hostId))
      if (!runner.isBusy && runner.key !== key) {
        if (current?.id !== runner.operationId) leaps.forget(runner.operationId);
        runners.delete(runner);
      }
  };

  /** One look at what is so now. */
  const lookAt = async (runner: Runner, timer: OperationTimer): Promise<Next> => {
    // What locating may not, nothing may.
    if (!effects.leads("locate")) return { kind: "look", inMs: retryMs.notLeading };
    const facts = await execution.facts(runner.hostId);
    // What happened before is in what was just read.
    runner.isWanted = false;
    const operation = facts?.operation ?? null;
    if (facts === undefined || operation === null || !isTimerFor(timer, operation)) return over;
    if (!effects.leads(operation.kind)) return { kind: "look", inMs: retryMs.notLeading };
    if (operation.status === "paused") {
      keeper.wake(runner.hostId);
      return { kind: "look", inMs: retryMs.refused };
    }
    const leap = leapOf(operation);
    if (leap.deadlineMs !== 0 || leap.stepMs !== 0) {
      const told = await writing(runner, () =>
        execution.change(runner.hostId, (now) =>
          isTimerFor(timer, now.operation) && now.operation?.version === operation.version
            ? decideLeap(now, operation, leap, clock.nowUnixMs())
            : { kind: "same", value: operation },
        ),
      );
      log.warn(
        { hostId: runner.hostId, operationId: operation.id, ...leap },
        "the clock has leapt",
      );
      return told.ok ? { kind: "again" } : { kind: "look", inMs: retryMs.notLeading };
    }
    if (clock.nowUnixMs() >= dueOf(operation)) {
      const judged = await writing(runner, () =>
        execution.change(runner.hostId, (now) =>
          isTimerFor(timer, now.operation) && now.operation !== null
            ? decideDeadline(now, now.operation, clock.nowUnixMs(), leaptOf(now.operation))
            : { kind: "same", value: operation },
        ),
      );
      if (judged.ok && judged.value.status !== "running")
        log.warn(
          { hostId: runner.hostId, operationId: operation.id, why: judged.value.why[0]?.words },
          "an operation was not over by its deadline",
        );
      return judged.ok ? { kind: "again" } : { kind: "look", inMs: retryMs.notLeading };
    }
    return writing(runner, () =>
      runStep(createStepRun(effects, facts, operation, runner.memory, bmc)),
    );
  };

  /** Its own writes are published while it is busy; they must not wake it again. */
  const writing = async <Value>(runner: Runner, act: () => Promise<Value>): Promise<Value> => {
    runner.isWriting = true;
    try {
      return await act();
    } finally {
      runner.isWriting = false;
    }
  };

  const onEvent = (event: FleetEvent): void => {
    switch (event.kind) {
      case "operation-changed":
      case "link-changed":
      case "host-changed": {
        const { hostId } = event;
        if (event.kind === "link-changed" && event.state === "connected") keeper.back(hostId);
        // What is heard while a runner writes is its own doing; what it hears later is not.
        const writing = runners.ofHost(hostId).find(({ isWriting }) => isWriting);
        void currentOf(hostId).then((operation) => {
          if (isStopped || operation === undefined) return;
          endOld(hostId, operation);
          const isOwn = operation !== null && writing?.key === keyOf(operation);
          if (isOwn && event.kind !== "link-changed") return;
          if (operation !== null) wake(operation);
          else if (event.kind !== "host-changed" || execution.cordonedHosts().includes(hostId))
            keeper.wake(hostId);
        });
        return;
      }
      default:
    }
  };

  /** Late, duplicated and foreign progress is for no operation that we carry out. */
  const onProgress = (hostId: HostId, progress: OrderProgress): void => {
    if (runners.ofHost(hostId).length === 0) return;
    const runner = runners.get(`${progress.operationId} ${progress.epoch}`);
    const isNews = runner?.hostId === hostId && isNewsOf(runner.memory, progress);
    const left = namesLeft(progress.workloads);
    void execution
      .change<OperationRecord | null>(hostId, (facts) => {
        const { operation } = facts;
        const isOurs =
          operation !== null &&
          operation.id === progress.operationId &&
          operation.epoch === progress.epoch &&
          operation.status === "running" &&
          operation.step === "evacuate" &&
          operation.stepState === "waiting";
        if (!isOurs || operation.detail.kind !== "drain") return { kind: "same", value: null };
        if (sameNames(left, operation.detail.remaining)) return { kind: "same", value: operation };
        return decideWaiting(
          facts,
          operation,
          {
            why: [evacuatingWhy(operation, progress.workloads)],
            detail: { ...operation.detail, remaining: left },
            isProgress: true,
          },
          clock.nowUnixMs(),
        );
      })
      .then((written) => {
        if (written.ok && written.value !== null && (isNews || progress.state !== "running"))
          wake(written.value);
      })
      .catch((error: unknown) => log.error({ err: error, hostId }, "progress was not written"));
  };

  return {
    start() {
      if (!isStopped) return;
      isStopped = false;
      keeper.start();
      unsubscribe = [events.subscribe(onEvent), hosts.onProgress(onProgress)];
      for (const operation of execution.openOperations()) wake(operation);
    },
    stop,
  };
}
