import { decideLifted } from "#fleet/lifecycle/decide-hold.ts";
import { executorActor, type HostFacts } from "#fleet/lifecycle/decision.ts";
import { drainOfCordon } from "#fleet/lifecycle/drain-cordon.ts";
import type { HoldRecord } from "#fleet/lifecycle/hold.ts";
import { lifecycleNumbers } from "#fleet/lifecycle/numbers.ts";
import type { OrderAction } from "#proto/messages/orders.ts";
import type { HostId, OperationId } from "#proto/vocabulary/ids.ts";
import type { ExecutorEffects } from "./executor-effects.ts";
import type { OrderAnswer } from "./host-port.ts";
import { ExecutorKilled } from "./fail-points.ts";
import { mayRestart } from "./may-restart.ts";
import { silentRetryMs } from "./step-run.ts";

/**
 * What a drain leaves behind when it is paused or canceled: an evacuation that must halt, and a fence
 * that is lifted when the cordon is released. What is owed is read from holds and operations, so that
 * it outlives us; a host that does not answer is asked again.
 */
export interface FenceKeeper {
  start(): void;
  wake(hostId: HostId): void;
  /** It is back: what is owed to it does not wait any longer. */
  back(hostId: HostId): void;
  stop(): void;
}

export function createFenceKeeper(effects: ExecutorEffects): FenceKeeper {
  const { execution, clock, hosts, log } = effects;
  /** What was answered, by (operation, epoch); asked again by the next process: the host remembers. */
  const halted = new Set<string>();
  const busy = new Map<HostId, Debt>();
  let isStopped = true;

  const order = async (
    facts: HostFacts,
    operationId: OperationId,
    action: OrderAction,
  ): Promise<OrderAnswer | null> => {
    // To halt makes a host do less: it goes on in a freeze, as locating does.
    const kind = action.kind === "halt-evacuation" ? "locate" : "drain";
    if (!effects.leads(kind) || isStopped) return null;
    const { host } = facts;
    const answered = await hosts.order(
      host.id,
      { operationId, epoch: host.epoch, generation: host.generation, serial: host.serial, action },
      lifecycleNumbers.commandValidMs,
    );
    return answered.ok ? answered.value : null;
  };

  const halt = async (facts: HostFacts, operationId: OperationId): Promise<boolean> => {
    const key = `${operationId} ${facts.host.epoch}`;
    if (halted.has(key)) return true;
    const answer = await order(facts, operationId, { kind: "halt-evacuation" });
    // A refusal may be for a moment only; a host that has seen a higher epoch has halted by that.
    const isBeyond = (answer?.evidence?.epoch ?? 0) > facts.host.epoch;
    if (answer?.result !== "done" && !isBeyond) return false;
    if (halted.size > haltedMax) halted.clear();
    halted.add(key);
    return true;
  };

  const lift = async (facts: HostFacts, hold: HoldRecord, drain: OperationId): Promise<boolean> => {
    const isUnwitnessed = facts.host.trust === "rented";
    if (!isUnwitnessed) {
      const restart = await mayRestart(execution, facts);
      const answer = await order(facts, drain, { kind: "release", restart });
      if (answer === null || answer.evidence?.isFenced === true) return false;
      if (answer.result !== "done" && answer.evidence === null) return false;
    }
    const lifted = await execution.change(facts.host.id, (now) => {
      const current = now.holds.find(({ id }) => id === hold.id);
      return current === undefined
        ? { kind: "same", value: hold }
        : decideLifted(now, current, executorActor, clock.nowUnixMs());
    });
    return lifted.ok;
  };

  /** Everything that is owed to this host; false: some of it is still. */
  const settle = async (hostId: HostId): Promise<boolean> => {
    const facts = await execution.facts(hostId);
    if (facts === undefined) return true;
    const { operation, host } = facts;
    if (operation !== null) {
      // Whatever its step: begun anew it is at its first, and its old evacuation may still go on.
      const isHalting = operation.status === "paused" && operation.kind === "drain";
      return isHalting ? halt(facts, operation.id) : true;
    }
    if (host.phase === "drained") return true;
    for (const hold of facts.holds) {
      const drain = drainOfCordon(hold);
      if (drain === null) continue;
      const isSettled = drain.isLifting
        ? await lift(facts, hold, drain.operationId)
        : await halt(facts, drain.operationId);
      if (!isSettled) return false;
    }
    return true;
  };

  const wake = (hostId: HostId): void => {
    if (isStopped) return;
    const known = busy.get(hostId);
    if (known !== undefined) {
      known.isWanted = true;
      return;
    }
    const mine: Debt = { isWanted: false, isBack: false, isWaiting: false, silent: 0, cancel() {} };
    busy.set(hostId, mine);
    void run(hostId, mine);
  };

  const back = (hostId: HostId): void => {
    const known = busy.get(hostId);
    if (isStopped || known === undefined) return;
    known.silent = 0;
    if (!known.isWaiting) {
      known.isBack = true;
      return;
    }
    known.cancel();
    void run(hostId, known);
  };

  const run = async (hostId: HostId, mine: Debt): Promise<void> => {
    let isSettled = false;
    mine.isWaiting = false;
    const isStale = (): boolean => isStopped || busy.get(hostId) !== mine;
    try {
      do {
        mine.isWanted = false;
        mine.isBack = false;
        isSettled = await settle(hostId);
      } while ((mine.isBack || (mine.isWanted && isSettled)) && !isStale());
    } catch (error) {
      if (error instanceof ExecutorKilled) return stop();
      log.error({ err: error, hostId }, "what a drain left behind could not be settled");
    }
    if (isStale()) return;
    if (isSettled) {
      busy.delete(hostId);
      return;
    }
    mine.silent += 1;
    mine.isWaiting = true;
    const again = (): void => void run(hostId, mine);
    mine.cancel = clock.after(silentRetryMs(mine.silent), again);
  };

  const stop = (): void => {
    isStopped = true;
    for (const { cancel } of busy.values()) cancel();
    busy.clear();
  };

  return {
    start() {
      isStopped = false;
      for (const hostId of execution.cordonedHosts()) wake(hostId);
    },
    wake,
    back,
    stop,
  };
}

/** What is owed to one host, while it is being settled. */
interface Debt {
  isWanted: boolean;
  /** The host came back while it was asked: what was not answered is asked again at once. */
  isBack: boolean;
  /** For its next try. */
  isWaiting: boolean;
  /** Tries in a row that settled not everything. */
  silent: number;
  cancel: () => void;
}

/** Answers remembered; forgotten ones are asked for again. */
const haltedMax = 10_000;
