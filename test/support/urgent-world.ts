import type { HealthView } from "#fleet/health/finding.ts";
import { unjudged } from "#fleet/health/finding.ts";
import type { Verdict } from "#fleet/health/verdict.ts";
import { createInventory } from "#fleet/inventory/create-inventory.ts";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import type { HostRecord, RackRecord, SiteRecord } from "#fleet/inventory/host-record.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { LinkState } from "#fleet/inventory/links.ts";
import { type Life, openLife } from "#fleet/life/start-life.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { PlanRecord } from "#fleet/lifecycle/plan.ts";
import { labPolicy, type PlanPolicy } from "#fleet/lifecycle/plans/plan-policy.ts";
import type { ControlStore } from "#fleet/storage/control-store.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { collectingLog, type LogLine } from "./collecting-log.ts";
import { testCell } from "./inventory-builders.ts";
import { openMemoryStore } from "./memory-store.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { createSimulatedHostPort, type SimulatedHostPort } from "./simulated-host-port.ts";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

/** A manager's whole life of hosts, whose health and links are as a test says; on virtual time. */
export interface UrgentWorld {
  readonly clock: VirtualClock;
  readonly store: ControlStore;
  readonly port: SimulatedHostPort;
  readonly lines: readonly LogLine[];
  life(): Life;
  inventory(): Inventory;
  setHealth(hostId: HostId, verdict: Verdict, detail?: string): Promise<void>;
  setLink(hostId: HostId, state: LinkState): void;
  plans(): Promise<readonly PlanRecord[]>;
  operations(hostId: HostId): Promise<readonly OperationRecord[]>;
  /** In whole minutes. */
  minutes(count: number): Promise<void>;
  /** The manager dies, another goes on. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openUrgentWorld(options: {
  readonly hosts: readonly HostRecord[];
  /** Where they stand, if they stand anywhere. */
  readonly sites?: readonly SiteRecord[];
  readonly racks?: readonly RackRecord[];
  readonly policy?: Partial<PlanPolicy>;
}): Promise<UrgentWorld> {
  const clock = createVirtualClock();
  const store = await openMemoryStore(clock);
  for (const site of options.sites ?? []) await store.inventory.upsertSite(site);
  for (const rack of options.racks ?? []) await store.inventory.upsertRack(rack);
  for (const host of options.hosts) await store.inventory.insertHost(host);
  const { log, lines } = collectingLog();
  const port = createSimulatedHostPort(clock, createSeededRandom(7));
  const health = new Map<HostId, HealthView>();
  const links = new Map<HostId, LinkState>();
  let events = createEventBus(log);
  let starts = 0;

  const boot = async (): Promise<{ life: Life; inventory: Inventory }> => {
    starts += 1;
    events = createEventBus(log);
    const random = createSeededRandom(starts);
    const inventory = createInventory({
      cell: testCell,
      store: store.inventory,
      clock,
      events,
      log,
    });
    const life = await openLife({
      store,
      inventory,
      telemetry: { latest: () => undefined },
      links: {
        view: (hostId) => ({
          state: links.get(hostId) ?? "connected",
          sinceMs: null,
          lastHeardMs: null,
          sessionId: null,
          clockOffsetMs: 0,
        }),
      },
      health: {
        view: (hostId) => health.get(hostId) ?? unjudged,
        lastReboot: () => null,
        explain: () => ({ ...unjudged, pending: [], rules: [] }),
        events: async () => [],
      },
      hosts: port,
      notify: { tell: async () => ({ isDelivered: true, detail: "told" }) },
      events,
      clock,
      random,
      log,
      holder: "manager",
      policy: { ...labPolicy, ...options.policy },
      management: () => new Set(),
    });
    await life.start();
    return { life, inventory };
  };
  let manager = await boot();

  return {
    clock,
    store,
    port,
    lines,
    life: () => manager.life,
    inventory: () => manager.inventory,
    async setHealth(hostId, verdict, detail = "supply 2 gives nothing") {
      const finding = {
        rule: "supply-lost",
        verdict: verdict === "failed" ? "failed" : "failing",
        component: { kind: "power-supply", id: "2" },
        detail,
        sinceMs: clock.nowUnixMs(),
        seenMs: clock.nowUnixMs(),
        isStale: false,
        clearsWhen: "it gives again",
      } as unknown as HealthView["findings"][number];
      const isIll = verdict === "failing" || verdict === "failed";
      health.set(hostId, { ...unjudged, verdict, findings: isIll ? [finding] : [] });
      events.publish({ kind: "health-changed", hostId, verdict });
      await clock.settle();
    },
    setLink(hostId, state) {
      links.set(hostId, state);
      port.host(hostId).isConnected = state === "connected";
      events.publish({ kind: "link-changed", hostId, state });
    },
    plans: () => store.lifecycle.listPlans({ before: null, limit: 100 }),
    operations: (hostId) => store.lifecycle.listOperations({ hostId, before: null, limit: 100 }),
    async minutes(count) {
      for (let minute = 0; minute < count * 6; minute += 1) await clock.advance(10_000);
    },
    async restart() {
      await manager.life.stop();
      manager = await boot();
    },
    async close() {
      await manager.life.stop();
      await store.close();
    },
  };
}
