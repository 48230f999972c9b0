import type { HealthReader } from "#fleet/health/health-reader.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import type { HoldId, HostId, PlanId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { FaultPolicy } from "../fault-policy.ts";
import type { HoldRecord } from "../hold.ts";
import type { LifeStore } from "../life-store.ts";
import type { LifeRefusal, Plans } from "../lifecycle.ts";
import type { PlanRecord } from "../plan.ts";
import { healthAsker, judgeUrgent, urgentAction } from "../urgent-drain.ts";
import type { Why } from "../why.ts";
import type { StartGate } from "./start-gate.ts";

export interface UrgentDrainsEffects {
  readonly plans: Pick<Plans, "plan" | "apply" | "cancel"> & {
    readonly gate: Pick<StartGate, "look">;
  };
  readonly store: Pick<LifeStore, "listOpenPlans" | "listPlans" | "findPlan">;
  readonly health: Pick<HealthReader, "view">;
  /** The fault holds that health has set, from memory. */
  readonly faults: () => readonly HoldRecord[];
  readonly brakes: (host: HostRecord) => readonly Why[];
  readonly policy: FaultPolicy;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether this manager leads and may act. */
  readonly leads: () => boolean;
}

/** The automation's own plans: an active host at fault is drained, one plan for each. */
export interface UrgentDrains {
  /** Why a host at fault is not drained by itself, as it was looked at last; empty: nothing to say. */
  waitsOf(hostId: HostId): readonly Why[];
  /** One look at every host at fault; also runs by itself. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

const paceMs = 30_000;
/** Plans read at once when those of the automation are looked for at a take-over. */
const recentMax = 100;

/**
 * Plans the urgent drain of each host whose fault stands, and applies it: from there on it is a plan
 * like any other, held by every budget, paused and canceled by people. One that has not begun when its
 * host is well again is taken back; one that has goes on, for what moved stays moved and the host shall
 * be looked at.
 */
export function createUrgentDrains(effects: UrgentDrainsEffects): UrgentDrains {
  const { plans, store, clock, log } = effects;
  let waits = new Map<HostId, readonly Why[]>();
  /** Newest plan of ours for each host; undefined: not read under this leadership. */
  let newest: Map<HostId, PlanId> | undefined;
  /** Those of `newest` that have ended. */
  const over = new Set<PlanId>();
  /** Faults of which it was told already that nothing is done. */
  const told = new Set<HoldId>();
  const isNews = ({ id }: HoldRecord): boolean => {
    const isNew = !told.has(id);
    told.add(id);
    return isNew;
  };
  let isStopped = false;
  let cancelTimer: CancelTimer = () => {};
  let running: Promise<void> = Promise.resolve();

  /** Back to the oldest fault that stands: whatever came after it, what answered it is found. */
  const readNewest = async (faults: readonly HoldRecord[]): Promise<Map<HostId, PlanId>> => {
    const found = new Map<HostId, PlanId>();
    const open = await store.listOpenPlans();
    const oldestMs = Math.min(...faults.map(({ createdMs }) => createdMs));
    const recent: PlanRecord[] = [];
    let before: PlanId | null = null;
    for (;;) {
      const page: readonly PlanRecord[] = await store.listPlans({ before, limit: recentMax });
      recent.push(...page.filter(isOurs));
      const last = page.at(-1);
      if (last === undefined || page.length < recentMax || last.createdMs < oldestMs) break;
      before = last.id;
    }
    const applied = [...open, ...recent].filter((plan) => isOurs(plan) && plan.appliedMs !== null);
    for (const plan of applied.toSorted(byAge))
      for (const { hostId } of plan.hosts) found.set(hostId, plan.id);
    return found;
  };

  /** One that was made and not applied (the manager died between) is not found: it is made anew. */
  const begin = async (host: HostRecord, hold: HoldRecord): Promise<PlanId | readonly Why[]> => {
    const { verdict, findings } = effects.health.view(host.id);
    const seen = findings.slice(0, 3).map(({ detail }) => detail);
    const asker = healthAsker(`${verdict}: ${seen.join("; ") || hold.reason}`);
    const planned = await plans.plan({
      action: urgentAction,
      selector: host.name,
      hostIds: [host.id],
      asker,
    });
    if (!planned.ok) {
      if (isNews(hold))
        log.warn({ hostId: host.id, problem: planned.problem }, "urgent drain not planned");
      return whysOf(planned.problem);
    }
    const applied = await plans.apply(planned.value.id, planned.value.hash, asker);
    if (applied.ok) {
      const { id } = planned.value;
      log.warn({ hostId: host.id, planId: id, reason: asker.reason }, "urgent drain planned");
      return id;
    }
    if (isNews(hold))
      log.warn({ hostId: host.id, problem: applied.problem }, "urgent drain not applied");
    await plans.cancel(planned.value.id, healthAsker("it could not be applied"));
    return whysOf(applied.problem);
  };

  /** Nothing of it has begun, and its host is well again. */
  const takeBack = async (faulty: ReadonlySet<HostId>): Promise<void> => {
    // The plans of a fleet are long: they are read where one of ours may be among them.
    const isWanted = [...(newest ?? [])].some(
      ([hostId, id]) => !faulty.has(hostId) && !over.has(id),
    );
    if (!isWanted) return;
    const open = (await store.listOpenPlans()).filter(isOurs);
    const openIds = new Set(open.map(({ id }) => id));
    for (const id of newest?.values() ?? []) if (!openIds.has(id)) over.add(id);
    for (const plan of open) {
      const isOver = plan.hosts.every(({ hostId }) => !faulty.has(hostId));
      const hasBegun = plan.hosts.some(({ state }) => state !== "waiting");
      if (!isOver || hasBegun) continue;
      await plans.cancel(plan.id, healthAsker("well again before its drain began"));
    }
  };

  const round = async (): Promise<void> => {
    if (!effects.leads()) {
      // Whoever leads meanwhile may plan.
      newest = undefined;
      over.clear();
      waits = new Map();
      return;
    }
    const faults = effects.faults();
    if (newest !== undefined && faults.length === 0 && newest.size === 0) {
      waits = new Map();
      return;
    }
    newest ??= await readNewest(faults);
    await takeBack(new Set(faults.map(({ hostId }) => hostId)));
    const looked = new Map<HostId, readonly Why[]>();
    const { index } = await plans.gate.look();
    for (const hold of faults) {
      if (isStopped || !effects.leads()) return;
      const host = index.hosts.get(hold.hostId);
      if (host === undefined) continue;
      const known = newest.get(host.id);
      const judged = judgeUrgent({
        host,
        hold,
        policy: effects.policy,
        index,
        last: known === undefined ? null : ((await store.findPlan(known)) ?? null),
        brakes: effects.brakes(host),
      });
      if (judged.kind === "begin") {
        const begun = await begin(host, hold);
        if (typeof begun === "string") newest.set(host.id, begun);
        else looked.set(host.id, begun);
      }
      if (judged.kind !== "waits") continue;
      looked.set(host.id, judged.why);
      if (judged.isWatchedOnly && effects.policy === "drain" && isNews(hold))
        log.info(
          { hostId: host.id, host: host.name, action: urgentAction, fault: hold.reason },
          "would have been drained, but the host is only watched",
        );
    }
    const standing = new Set(faults.map(({ id }) => id));
    for (const id of told) if (!standing.has(id)) told.delete(id);
    waits = looked;
  };

  const tick = (): void => {
    running = round()
      .catch((error: unknown) => log.error({ err: error }, "hosts at fault could not be looked at"))
      .then(() => {
        if (!isStopped) cancelTimer = clock.after(paceMs, tick);
      });
  };
  cancelTimer = clock.after(paceMs, tick);

  return {
    waitsOf: (hostId) => waits.get(hostId) ?? [],
    round,
    async stop() {
      isStopped = true;
      cancelTimer();
      await running;
    },
  };
}

function whysOf(problem: LifeRefusal): readonly Why[] {
  return problem.kind === "refused" ? problem.why : [];
}

function isOurs({ createdByKind }: PlanRecord): boolean {
  return createdByKind === "automation";
}

function byAge(left: PlanRecord, right: PlanRecord): number {
  return left.createdMs - right.createdMs;
}
