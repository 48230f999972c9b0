import type { Phase } from "#fleet/inventory/host-record.ts";
import {
  decideDone,
  decideFailed,
  decideIntent,
  decideStepEnd,
  decideWaiting,
} from "#fleet/lifecycle/decide-step.ts";
import { type Decision, executorActor, type HostFacts } from "#fleet/lifecycle/decision.ts";
import { heldWhy } from "#fleet/lifecycle/held-why.ts";
import { lifecycleNumbers } from "#fleet/lifecycle/numbers.ts";
import type {
  DrainDetail,
  OperationDetail,
  OperationRecord,
  StepEnd,
} from "#fleet/lifecycle/operation.ts";
import { rearm } from "#fleet/lifecycle/strengthen-drain.ts";
import type { Verb } from "#fleet/lifecycle/verbs.ts";
import type { Why } from "#fleet/lifecycle/why.ts";
import type { OrderAction } from "#proto/messages/orders.ts";
import type { HoldId } from "#proto/vocabulary/ids.ts";
import { fail, type Result } from "#proto/vocabulary/result.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { BmcDesk } from "./bmc-desk.ts";
import { brakedWhy } from "./braked.ts";
import type { ExecutorEffects } from "./executor-effects.ts";
import type { FailMoment } from "./fail-points.ts";
import type { OrderAnswer, OrderProblem } from "./host-port.ts";
import type { WallLeaps } from "./wall-leaps.ts";
import { orderWhileOurs } from "./order-while-ours.ts";

/** What comes after a look at a step. */
export type Next =
  /** Something was written: look at what is so now. */
  | { readonly kind: "again" }
  /** Nothing to do before that, or before something happens. */
  | { readonly kind: "look"; readonly inMs: number }
  /** The operation has ended, or went on at another epoch without us. */
  | { readonly kind: "over" };

export const again: Next = { kind: "again" };
export const over: Next = { kind: "over" };
export const look = (inMs: number): Next => ({ kind: "look", inMs });

/** What a runner of one (operation, epoch) remembers between looks; gone with the process. */
export interface RunnerMemory {
  /** Steps whose intent this process has written. */
  readonly intended: Set<string>;
  /** Orders in a row that nobody answered. */
  silent: number;
  readonly leaps: WallLeaps;
  /** When its light was lit, by our monotonic clock; null: not by this process. */
  litAtMs: number | null;
  /** The agent said that its evacuation is over: ended or failed. */
  evacuation: "running" | "ended" | "failed";
  /** What the agent last told as stuck, by name: it was asked to stop, and is there. */
  stuck: readonly string[];
}

export function newRunnerMemory(leaps: WallLeaps): RunnerMemory {
  return {
    intended: new Set(),
    silent: 0,
    leaps,
    litAtMs: null,
    evacuation: "running",
    stuck: [],
  };
}

/** One look at one step: the facts as they are, and the ways to write what becomes of it. */
export interface StepRun {
  readonly effects: ExecutorEffects;
  readonly facts: HostFacts;
  readonly operation: OperationRecord;
  readonly memory: RunnerMemory;
  readonly bmc: BmcDesk;
  /**
   * Judged on what is so now: we lead, the operation is the one we look at, and no hold or
   * domain event forbids it.
   */
  mayStill(verb: Verb): Promise<boolean>;
  /** Before acting; false: somebody else was faster, nothing may be done. */
  intent(): Promise<boolean>;
  /** It has acted, and nothing of that is written yet. */
  acted(): void;
  /**
   * The host is asked under this operation's epoch; only while we lead. What it has not taken is
   * withdrawn where a hold comes to forbid `verb`.
   */
  order(action: OrderAction, verb?: Verb): Promise<Result<OrderAnswer, OrderProblem>>;
  wait(
    wait: {
      readonly why: readonly Why[];
      readonly detail?: OperationDetail;
      readonly isProgress?: boolean;
      readonly isUnanswered?: boolean;
    },
    inMs: number,
  ): Promise<Next>;
  end(end: {
    readonly outcome: StepEnd["outcome"];
    readonly evidence: string;
    readonly next: string;
    readonly detail?: OperationDetail;
  }): Promise<Next>;
  /** `mayStill` is judged once more on what is so at the moment of writing. */
  done(
    end: {
      readonly phase: Phase;
      readonly evidence: string;
      readonly detail?: OperationDetail;
      readonly holdsReleased?: readonly HoldId[];
    },
    mayStill?: (facts: HostFacts) => boolean,
  ): Promise<Next>;
  failed(why: Why): Promise<Next>;
  /** A drain begins its steps anew at a higher epoch: what was ordered at this one is void. */
  anew(detail: DrainDetail): Promise<Next>;
}

export function createStepRun(
  effects: ExecutorEffects,
  facts: HostFacts,
  operation: OperationRecord,
  memory: RunnerMemory,
  bmc: BmcDesk,
): StepRun {
  const { execution, clock } = effects;
  const name = `${operation.kind}.${operation.step}`;
  const pass = (moment: FailMoment): void => effects.failPoint?.(`${name}.${moment}`);

  /** Written only while the operation is the one we looked at, at its epoch, and runs. */
  const write = async (
    decide: (facts: HostFacts, operation: OperationRecord) => Decision<OperationRecord>,
  ): Promise<OperationRecord | null> => {
    const written = await execution.change<OperationRecord | null>(operation.hostId, (current) => {
      const known = current.operation;
      const isOurs =
        known !== null &&
        known.id === operation.id &&
        known.epoch === operation.epoch &&
        known.step === operation.step &&
        known.status === "running";
      return isOurs ? decide(current, known) : { kind: "same", value: null };
    });
    return written.ok ? written.value : null;
  };

  return {
    effects,
    facts,
    operation,
    memory,
    bmc,
    async mayStill(verb) {
      if (!effects.leads(operation.kind)) return false;
      const now = await execution.facts(operation.hostId);
      const known = now?.operation;
      if (now === undefined || known?.id !== operation.id) return false;
      const isOurs = known.epoch === operation.epoch && known.status === "running";
      const held = heldWhy(now, [verb], clock.nowUnixMs());
      return isOurs && held.length === 0 && brakedWhy(effects, now.host, verb).length === 0;
    },
    async intent() {
      if (memory.intended.has(operation.step)) return true;
      pass("before-intent");
      const written = await write((current, known) =>
        decideIntent(current, known, clock.nowUnixMs()),
      );
      if (written === null) return false;
      memory.intended.add(operation.step);
      return true;
    },
    acted: () => pass("acted"),
    async order(action, verb) {
      if (!effects.leads(operation.kind)) return fail({ kind: "given-up" });
      const answered = await orderWhileOurs(
        effects,
        operation,
        {
          operationId: operation.id,
          epoch: operation.epoch,
          generation: facts.host.generation,
          serial: facts.host.serial,
          action,
        },
        lifecycleNumbers.commandValidMs,
        verb,
      );
      if (answered.ok) memory.silent = 0;
      else memory.silent += 1;
      pass("acted");
      return answered;
    },
    async wait(wait, inMs) {
      const written = await write((current, known) =>
        decideWaiting(current, known, wait, clock.nowUnixMs()),
      );
      return written === null ? over : look(inMs);
    },
    async end(end) {
      if (end.outcome === "skipped") pass("before-intent");
      pass("acted");
      const written = await write((current, known) =>
        decideStepEnd(current, known, end, clock.nowUnixMs()),
      );
      if (written === null) return over;
      pass("after-outcome");
      return again;
    },
    async done(end, mayStill = () => true) {
      pass("acted");
      const written = await write((current, known) =>
        mayStill(current)
          ? decideDone(current, known, end, clock.nowUnixMs())
          : { kind: "same", value: known },
      );
      if (written === null) return over;
      if (written.status === "running") return look(retryMs.proof);
      pass("after-outcome");
      return over;
    },
    async failed(why) {
      const written = await write((current, known) =>
        decideFailed(current, known, why, clock.nowUnixMs()),
      );
      return written === null ? over : over;
    },
    async anew(detail) {
      await write((current, known) => {
        const nowMs = clock.nowUnixMs();
        const deadlineMs = known.deadlineMs ?? unixMs(nowMs + detail.allowedMs);
        return rearm(current, known, detail, deadlineMs, executorActor, nowMs, "operation.held");
      });
      return over;
    },
  };
}

/** How soon what did not go is tried again, ms. */
export const retryMs = {
  silentMin: 15_000,
  silentMax: 300_000,
  refused: 60_000,
  capacity: 60_000,
  evacuation: 30_000,
  proof: 10_000,
  reboot: 10_000,
  bmc: 20_000,
  notLeading: 10_000,
} as const;

/** Doubles with each order that nobody answered. */
export function silentRetryMs(silent: number): number {
  return Math.min(retryMs.silentMax, retryMs.silentMin * 2 ** Math.max(0, Math.min(silent, 8) - 1));
}
