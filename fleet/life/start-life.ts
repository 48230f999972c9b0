import type { AuditStore } from "#fleet/audit/audit-entry.ts";
import { createBmcDesk } from "#fleet/executor/bmc-desk.ts";
import { type BmcPort, noBmc } from "#fleet/executor/bmc-port.ts";
import { powerUnreadWhy } from "#fleet/executor/bmc-why.ts";
import { createExecutor } from "#fleet/executor/create-executor.ts";
import type { NotifyPort } from "#fleet/executor/executor-effects.ts";
import type { HostPort } from "#fleet/executor/host-port.ts";
import type { HealthReader } from "#fleet/health/health-reader.ts";
import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Links } from "#fleet/inventory/links.ts";
import { createLifecycle, type OpenLifecycle } from "#fleet/lifecycle/create-lifecycle.ts";
import type { DomainEventStore } from "#fleet/lifecycle/domain-event-store.ts";
import { createLeadership } from "#fleet/lifecycle/leadership.ts";
import type { LeaderStore, LifeStore } from "#fleet/lifecycle/life-store.ts";
import type { FreezeFile, FreezeStore } from "#fleet/lifecycle/freeze.ts";
import {
  createFreezeWatch,
  type FreezeWatch,
  heldByFreeze,
} from "#fleet/lifecycle/freeze-watch.ts";
import { createSafeModeWatch, type SafeModeWatch } from "#fleet/lifecycle/safe-mode-watch.ts";
import type { SafeModeStore } from "#fleet/lifecycle/safe-mode.ts";
import type { Lifecycle, Plans } from "#fleet/lifecycle/lifecycle.ts";
import { operationTable } from "#fleet/lifecycle/operation-table.ts";
import {
  createFleetSnapshot,
  type PowerReadings,
} from "#fleet/lifecycle/plans/create-fleet-snapshot.ts";
import { createPlans } from "#fleet/lifecycle/plans/create-plans.ts";
import type { PlanPolicy } from "#fleet/lifecycle/plans/plan-policy.ts";
import { createUrgentDrains } from "#fleet/lifecycle/plans/urgent-drains.ts";
import { createSwitchedOff } from "#fleet/lifecycle/switched-off.ts";
import { type DomainWatch, watchDomainEvents } from "#fleet/lifecycle/watch-domain-events.ts";
import { createTenancy } from "#fleet/tenancy/create-tenancy.ts";
import type { Tenancy } from "#fleet/tenancy/tenancy-desk.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { fail } from "#proto/vocabulary/result.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { createReserve } from "./reserve-places.ts";
import { showStops } from "./show-stops.ts";

export interface LifeEffects {
  readonly store: {
    readonly lifecycle: LifeStore;
    readonly leader: LeaderStore;
    readonly audit: Pick<AuditStore, "append">;
    readonly safeMode: SafeModeStore;
    readonly freeze: FreezeStore;
    readonly domainEvents: DomainEventStore;
  };
  readonly inventory: Inventory;
  readonly telemetry: PowerReadings;
  readonly links: Links;
  readonly health: HealthReader;
  readonly hosts: HostPort;
  /** Absent: no host's BMC is known. */
  readonly bmc?: BmcPort;
  readonly notify: NotifyPort;
  readonly events: FleetEvents;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** This process, among those that may lead the cell. */
  readonly holder: string;
  /** Where a freeze is kept that the store cannot take. */
  readonly freezeFile?: FreezeFile;
  /** Profile `lab`: one person lifts a freeze. */
  readonly isFreezeLiftedAlone?: boolean;
  readonly policy: PlanPolicy;
  /** Hosts that run the fleet itself. */
  readonly management: () => ReadonlySet<HostId>;
  /** Safe mode is over: the store was taken for what it is. */
  readonly onTrusted?: () => Promise<void>;
  /** For tests: where the executor dies. */
  readonly failPoint?: (name: string) => void;
}

/** The life of the cell's hosts, joined: who leads, what is planned, decided and carried out. */
export interface Life {
  readonly lifecycle: Lifecycle;
  readonly plans: Plans;
  readonly tenancy: Tenancy;
  /** Where hosts were lost together. */
  readonly domains: Pick<DomainWatch, "open" | "known" | "onChange" | "acknowledge">;
  /** Whether the store is trusted, and what hosts say of its term. */
  readonly safeMode: SafeModeWatch;
  /** Whether somebody stopped everything that changes a host. */
  readonly freeze: FreezeWatch;
  /** Of what this manager orders; 0 while it does not lead. */
  term(): number;
  isLeader(): boolean;
  /** Takes the leadership where nobody has it, and goes on with what was begun. */
  readonly start: () => Promise<void>;
  /** Begins nothing more and gives the leadership up; twice is once. */
  readonly stop: () => Promise<void>;
}

export async function openLife(effects: LifeEffects): Promise<Life> {
  const { inventory, links, health, events, clock, random, log, policy } = effects;
  const freeze = await createFreezeWatch({
    store: effects.store.freeze,
    file: effects.freezeFile ?? noFile,
    isLiftedAlone: effects.isFreezeLiftedAlone ?? false,
    events,
    clock,
    log,
  });
  const store = {
    ...effects.store,
    lifecycle: heldByFreeze(effects.store.lifecycle, freeze),
  };
  const domains = watchDomainEvents({
    ...effects,
    audit: store.audit,
    store: store.domainEvents,
    switchedOff: createSwitchedOff(store.lifecycle),
    term: () => leadership.term(),
  });
  let leadsSinceAt = clock.nowMonotonicMs();
  let opened: OpenLifecycle | undefined;
  const leadership = createLeadership({
    store: store.leader,
    clock,
    log,
    holder: effects.holder,
    async prepare() {
      leadsSinceAt = clock.nowMonotonicMs();
      await safeMode.takenOver();
      await freeze.takenOver();
      await inventory.reload();
      await domains.takenOver();
      await tenancy.reload();
      await opened?.reload();
    },
    begin() {
      executor.stop();
      executor.start();
      reconciling = reconcile();
    },
  });
  const { term, isLeader } = leadership;
  /** While what was read under another term is read again nothing is written: it would be forgotten. */
  const writeTerm = (): number => (isLeader() ? term() : 0);
  let reconciling = Promise.resolve();
  const reconcile = async (): Promise<void> => {
    try {
      await opened?.reconcile();
    } catch (error) {
      log.error({ err: error }, "fault holds were not all brought in step with health");
    }
  };
  const bmc = effects.bmc ?? noBmc;
  const bmcDesk = createBmcDesk(bmc, clock);
  const safeMode = await createSafeModeWatch({
    store: store.safeMode,
    term,
    countHosts: async () => (await inventory.hosts()).length,
    clock,
    log,
    // What health said meanwhile could not be written, and was not told again.
    async onEnd() {
      reconciling = reconcile();
      await reconciling;
      await effects.onTrusted?.();
    },
  });
  const tenancy = await createTenancy({
    store: store.lifecycle,
    inventory,
    clock,
    random,
    log,
    term: writeTerm,
    whyNotPlace: async (hostId, tenant) =>
      ((await opened?.whyNotPlace(hostId, tenant.name)) ?? []).map(({ words }) => words),
  });
  /** What the store remembers may have been done long ago: nothing of it goes on before it is trusted. */
  const mayAct = (): boolean => isLeader() && safeMode.mode() === null && freeze.freeze() === null;
  const brakesOf = (host: HostRecord) => {
    const why = domains.whyStopped(host);
    return [...freeze.whys(), ...safeMode.whys(), ...(why === null ? [] : [why])];
  };
  opened = await createLifecycle({
    store: store.lifecycle,
    inventory,
    tenancy,
    links,
    health,
    clock,
    random,
    events,
    log,
    term: writeTerm,
    settings: { emergencyNeedsTwo: policy.approval !== "none", onFault: policy.onFault },
    brakes: brakesOf,
    hasBmc: bmc.isConfigured,
    async readPower(host) {
      const read = await bmcDesk.power(host.id);
      return read.ok ? read : fail(powerUnreadWhy(host, read.problem));
    },
  });
  const { lifecycle, execution } = opened;
  const plans = createPlans({
    store: store.lifecycle,
    lifecycle,
    snapshot: createFleetSnapshot({
      ...effects,
      store: store.lifecycle,
      tenancy,
      // By the wall clock as it is now: one that has leapt since made nobody lead for longer.
      leadsSinceMs() {
        const sinceAt = Math.max(leadsSinceAt, links.hearsSinceAt?.() ?? leadsSinceAt);
        return unixMs(Math.floor(clock.nowUnixMs() - (clock.nowMonotonicMs() - sinceAt)));
      },
      hasBmc: bmc.isConfigured,
    }),
    brake: { whyStopped: domains.whyNotBegin },
    policy,
    clock,
    random,
    events,
    log,
    term: writeTerm,
    leads: mayAct,
  });
  const urgent = createUrgentDrains({
    plans,
    store: store.lifecycle,
    health,
    faults: opened.faults,
    brakes: brakesOf,
    policy: policy.onFault,
    clock,
    log,
    leads: mayAct,
  });
  const executor = createExecutor({
    ...effects,
    bmcDesk,
    execution,
    whyStopped: domains.whyStopped,
    tenancy,
    reserve: createReserve({
      inventory,
      lifecycle,
      whyNotPlace: opened.whyNotPlace,
      tenancy,
      clock,
    }),
    leads: (kind) =>
      operationTable[kind].class === "L" ? isLeader() && safeMode.mode() === null : mayAct(),
  });
  const stopLifecycle = opened.stop;
  let isStopped = false;
  const shownPlans: Plans = {
    ...plans,
    async judge(hostId) {
      const judged = await plans.judge(hostId);
      return { ...judged, waits: [...judged.waits, ...urgent.waitsOf(hostId)] };
    },
  };
  return {
    ...showStops({ lifecycle, plans: shownPlans }, { freeze, safeMode }),
    freeze,
    tenancy,
    domains,
    safeMode,
    term,
    isLeader,
    start: leadership.start,
    async stop() {
      if (isStopped) return;
      isStopped = true;
      executor.stop();
      freeze.stop();
      safeMode.stop();
      domains.stop();
      await urgent.stop();
      await plans.stop();
      stopLifecycle();
      await reconciling;
      await leadership.stop();
    },
  };
}

/** Where there is no data folder. */
const noFile: FreezeFile = { read: () => null, write() {} };
