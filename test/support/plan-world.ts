import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { LinkView } from "#fleet/inventory/links.ts";
import { changeOperation } from "#fleet/lifecycle/operation-change.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { LifeStore } from "#fleet/lifecycle/life-store.ts";
import type { PlanAction, PlanRecord } from "#fleet/lifecycle/plan.ts";
import { createFleetSnapshot } from "#fleet/lifecycle/plans/create-fleet-snapshot.ts";
import { createPlans, type OpenPlans } from "#fleet/lifecycle/plans/create-plans.ts";
import { labPolicy, type PlanPolicy } from "#fleet/lifecycle/plans/plan-policy.ts";
import type { Why, WhyCode } from "#fleet/lifecycle/why.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { type LifeWorld, openLifeWorld } from "./life-world.ts";
import { ana, drainFor, planFleet, type PlanFleetShape } from "./plan-fleet.ts";

/** Plans over the real lifecycle and the real store in memory; operations end when a test says so. */
export interface PlanWorld {
  readonly life: LifeWorld;
  readonly hosts: readonly HostRecord[];
  /** Of the manager that runs now. */
  plans(): OpenPlans;
  /** The manager dies between two steps, and another goes on with its store. */
  restart(): Promise<void>;
  /** Scopes at which nothing may begin. */
  stopped: (host: HostRecord) => Why | null;
  /** Hosts that are not connected, and since when. */
  readonly silentSince: Map<HostId, number>;
  plan(numbers: readonly number[], action?: PlanAction): Promise<PlanRecord>;
  apply(plan: PlanRecord): Promise<PlanRecord>;
  find(plan: PlanRecord): Promise<PlanRecord>;
  /** Ends what runs on the host: well, or by a cause. */
  end(hostId: HostId, cause?: WhyCode): Promise<void>;
  open(): Promise<readonly OperationRecord[]>;
  close(): Promise<void>;
}

export async function openPlanWorld(
  options: {
    readonly shape?: PlanFleetShape;
    readonly policy?: Partial<PlanPolicy>;
    readonly wrapStore?: (store: LifeStore) => LifeStore;
  } = {},
): Promise<PlanWorld> {
  const fleet = planFleet(options.shape ?? { racksPerRow: 10, hostsPerRack: 10 });
  const life = await openLifeWorld({
    hosts: fleet.hosts,
    sites: fleet.sites,
    racks: fleet.racks,
    ...(options.wrapStore !== undefined && { wrapStore: options.wrapStore }),
  });
  const store = options.wrapStore?.(life.store.lifecycle) ?? life.store.lifecycle;
  const policy: PlanPolicy = { ...labPolicy, ...options.policy };
  const { clock } = life;
  const silentSince = new Map<HostId, number>();
  const linkOf = (hostId: HostId): LinkView => {
    const since = silentSince.get(hostId);
    const now = clock.nowUnixMs();
    return {
      state: since === undefined ? "connected" : now - since > 90_000 ? "lost" : "late",
      sinceMs: unixMs(since ?? now),
      lastHeardMs: unixMs(since ?? now),
      sessionId: null,
      clockOffsetMs: null,
    };
  };
  const boot = (): OpenPlans => {
    const manager = life.manager();
    return createPlans({
      store,
      lifecycle: manager.lifecycle,
      snapshot: createFleetSnapshot({
        inventory: manager.inventory,
        store,
        tenancy: manager.tenancy,
        links: { view: linkOf, isConnected: (hostId) => !silentSince.has(hostId) },
        health: { view: () => ({ verdict: "ok", findings: [], judged: {}, judgedMs: null }) },
        telemetry: { latest: () => ({ receivedMs: clock.nowUnixMs(), hostWide: () => 200 }) },
        clock,
        leadsSinceMs: () => fleet.nowMs,
      }),
      brake: { whyStopped: (host) => world.stopped(host) },
      policy,
      clock,
      random: life.random,
      events: manager.events,
      log: silentLog,
      term: () => life.term,
      leads: () => true,
    });
  };

  let plans: OpenPlans;
  const world: PlanWorld = {
    life,
    hosts: fleet.hosts,
    plans: () => plans,
    async restart() {
      await plans.stop();
      await life.restart();
      plans = boot();
    },
    stopped: () => null,
    silentSince,
    async plan(numbers, action = drainFor()) {
      const hostIds = numbers.map((number) => {
        const id = fleet.hosts[number - 1]?.id;
        if (id === undefined) throw new Error(`no host ${number}`);
        return id;
      });
      const planned = await plans.plan({ action, selector: "test", hostIds, asker: ana });
      if (!planned.ok) throw new Error(JSON.stringify(planned.problem));
      return planned.value;
    },
    async apply(plan) {
      const applied = await plans.apply(plan.id, plan.hash, ana);
      if (!applied.ok) throw new Error(JSON.stringify(applied.problem));
      return applied.value;
    },
    async find(plan) {
      const found = await plans.find(plan.id);
      if (found === undefined) throw new Error("the plan is gone");
      return found;
    },
    async end(hostId, cause) {
      const { execution } = life.manager();
      const ended = await execution.change(hostId, (facts) => {
        const { operation } = facts;
        if (operation === null) return { kind: "refused", why: [] };
        const nowMs = clock.nowUnixMs();
        const why: readonly Why[] =
          cause === undefined
            ? []
            : [
                {
                  code: cause,
                  words: `it failed by ${cause}`,
                  who: "ana",
                  command: null,
                  untilMs: null,
                },
              ];
        const isDrained = cause === undefined && operation.kind === "drain";
        return changeOperation(
          facts,
          operation,
          {
            operation: { status: cause === undefined ? "done" : "failed", endedMs: nowMs, why },
            ...(isDrained && { host: { phase: "drained" as const } }),
            action: "operation.end",
          },
          { name: "test", kind: "automation", reason: null },
          nowMs,
        );
      });
      if (!ended.ok) throw new Error(JSON.stringify(ended.problem));
    },
    open: () => store.listOpenOperations(),
    async close() {
      await plans.stop();
      await life.close();
    },
  };
  plans = boot();
  return world;
}
