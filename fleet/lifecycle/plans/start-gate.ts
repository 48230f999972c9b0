import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { fail, type Result } from "#proto/vocabulary/result.ts";
import type { Lifecycle, LifeRefusal } from "../lifecycle.ts";
import type { OperationRecord } from "../operation.ts";
import { operationTable } from "../operation-table.ts";
import type { PlanKind } from "../plan.ts";
import type { Why } from "../why.ts";
import type { Budgets } from "./budget-limits.ts";
import { type BudgetLedger, createBudgetLedger } from "./budgets.ts";
import type { FleetSnapshot } from "./fleet-snapshot.ts";
import { createRecentStarts, type RecentStarts } from "./recent-starts.ts";
import { findNow } from "./serving.ts";
import { indexSnapshot, type SnapshotIndex } from "./snapshot-index.ts";

/** What stops all automation at a host now: a domain event, or a loss that is not judged yet; null: nothing. */
export interface Brake {
  whyStopped(host: HostRecord): Why | null;
}

export interface StartGateEffects {
  readonly lifecycle: Pick<Lifecycle, "start">;
  readonly snapshot: () => Promise<FleetSnapshot>;
  readonly budgets: Budgets;
  readonly brake: Brake;
  readonly clock: Clock;
}

type StartAsk = Parameters<Lifecycle["start"]>[0];
type Started = Result<OperationRecord, LifeRefusal>;

/**
 * The one door through which operations begin, of plans and of single hosts: whoever is inside has
 * counted what is out, and nobody else starts anything until they leave. So budgets hold together.
 */
export interface StartGate {
  /** A single host's operation: refused with what has no room. One that runs already costs nothing. */
  start(ask: StartAsk): Promise<Started>;
  /** What would hold such an operation back now, of all that is no matter of the host itself. */
  whyNot(hostId: HostId, kind: PlanKind): Promise<readonly Why[]>;
  /** The fleet as it is now, for judging several kinds at once; nothing is kept out meanwhile. */
  look(): Promise<Pick<StartTurn, "index" | "whyNot">>;
  alone<Value>(run: (turn: StartTurn) => Promise<Value>): Promise<Value>;
}

export interface StartTurn {
  /** The fleet as it was when the turn began. */
  readonly index: SnapshotIndex;
  /** `isAutomation`: nobody asked for it but this manager itself. */
  whyNot(host: HostRecord, kind: PlanKind, isAutomation?: boolean): readonly Why[];
  /** Judged before by `whyNot`. */
  start(ask: StartAsk): Promise<Started>;
}

export function createStartGate(effects: StartGateEffects): StartGate {
  const recent = createRecentStarts(effects.clock);
  let last: Promise<unknown> = Promise.resolve();

  const alone: StartGate["alone"] = (run) => {
    const turn = last.then(async () => run(await openTurn(effects, recent)));
    // One that fails must not keep the next one out; its caller hears of it.
    last = turn.catch(() => undefined);
    return turn;
  };

  return {
    alone,
    look: () => openTurn(effects, recent),
    async whyNot(hostId, kind) {
      const { index, whyNot } = await openTurn(effects, recent);
      const host = index.hosts.get(hostId);
      return host === undefined ? [] : whyNot(host, kind);
    },
    start: (ask) =>
      alone(async ({ index, whyNot, start }): Promise<Started> => {
        const host = index.hosts.get(ask.hostId);
        if (host === undefined) return fail({ kind: "unknown", what: `host ${ask.hostId}` });
        const running = index.operationByHost.get(host.id);
        const why = running?.kind === ask.action.kind ? [] : whyNot(host, ask.action.kind);
        return why.length > 0 ? fail({ kind: "refused", why }) : start(ask);
      }),
  };
}

async function openTurn(effects: StartGateEffects, recent: RecentStarts): Promise<StartTurn> {
  const index = indexSnapshot(recent.seenIn(await effects.snapshot()));
  let ledger: BudgetLedger | undefined;
  const counted = (): BudgetLedger => {
    ledger ??= createBudgetLedger(index, effects.budgets);
    return ledger;
  };
  return {
    index,
    whyNot(host, kind, isAutomation = false) {
      const stopped = effects.brake.whyStopped(host);
      const isStopped = stopped !== null && operationTable[kind].class !== "L";
      return [...(isStopped ? [stopped] : []), ...counted().mayStart(host, kind, isAutomation)];
    },
    async start(ask) {
      const host = index.hosts.get(ask.hostId);
      // Counted before it is asked: an answer that was lost may have begun.
      if (host === undefined) return effects.lifecycle.start(ask);
      if (index.operationByHost.get(host.id) === undefined) {
        counted().note(host, ask.action.kind, ask.asker.kind === "automation");
        recent.note();
      }
      return effects.lifecycle.start({ ...ask, ...findNow(host, ask.action.kind, index) });
    },
  };
}
