import type { HealthView } from "#fleet/health/finding.ts";
import { unjudged } from "#fleet/health/finding.ts";
import type { Verdict } from "#fleet/health/verdict.ts";
import { createInventory } from "#fleet/inventory/create-inventory.ts";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import type { FleetEvent } from "#fleet/inventory/fleet-events.ts";
import type { HostRecord, RackRecord, SiteRecord } from "#fleet/inventory/host-record.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { LinkState } from "#fleet/inventory/links.ts";
import { createLifecycle, type OpenLifecycle } from "#fleet/lifecycle/create-lifecycle.ts";
import type { LifeStore } from "#fleet/lifecycle/life-store.ts";
import type { DataState } from "#fleet/lifecycle/schedulable.ts";
import type { Why } from "#fleet/lifecycle/why.ts";
import type { ControlStore } from "#fleet/storage/control-store.ts";
import { createTenancy, type OpenTenancy } from "#fleet/tenancy/create-tenancy.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { collectingLog, type LogLine } from "./collecting-log.ts";
import { hostRecord, testCell } from "./inventory-builders.ts";
import { openMemoryStore } from "./memory-store.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

/** A manager's inventory, tenancy and lifecycle over the real store in memory, on virtual time. */
export interface LifeWorld {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly store: ControlStore;
  readonly events: readonly FleetEvent[];
  readonly lines: readonly LogLine[];
  /** Links and verdicts as the world has them; `connected` and `unknown` where nothing is said. */
  readonly links: Map<HostId, LinkState>;
  /** What stops every operation; empty. */
  brakes: readonly Why[];
  data: ((host: HostRecord) => DataState) | undefined;
  /** Whose BMC is known; every host's. */
  hasBmc: (host: HostRecord) => boolean;
  term: number;
  /** Of the manager that runs now. */
  manager(): Manager;
  /** The manager dies, and another is built on the same store. */
  restart(): Promise<Manager>;
  setHealth(hostId: HostId, verdict: Verdict, detail?: string): Promise<void>;
  setLink(hostId: HostId, state: LinkState): void;
  close(): Promise<void>;
}

export interface Manager extends OpenLifecycle {
  readonly inventory: Inventory;
  readonly tenancy: OpenTenancy;
  readonly events: ReturnType<typeof createEventBus>;
}

export async function openLifeWorld(options: {
  readonly hosts: readonly HostRecord[];
  /** Where they stand, if they stand anywhere. */
  readonly sites?: readonly SiteRecord[];
  readonly racks?: readonly RackRecord[];
  readonly seed?: number;
  /** Between the manager and its store: for counting, failing, delaying. */
  readonly wrapStore?: (store: LifeStore) => LifeStore;
}): Promise<LifeWorld> {
  const clock = createVirtualClock();
  const random = createSeededRandom(options.seed ?? 1);
  const store = await openMemoryStore(clock);
  for (const site of options.sites ?? []) await store.inventory.upsertSite(site);
  for (const rack of options.racks ?? []) await store.inventory.upsertRack(rack);
  for (const host of options.hosts) {
    const added = await store.inventory.insertHost(host);
    if (!added.ok) throw new Error(`host ${host.name}: ${added.problem.kind}`);
  }
  const lifeStore = options.wrapStore?.(store.lifecycle) ?? store.lifecycle;
  const { log, lines } = collectingLog();
  const events: FleetEvent[] = [];
  const links = new Map<HostId, LinkState>();
  const health = new Map<HostId, HealthView>();

  const boot = async (): Promise<Manager> => {
    const bus = createEventBus(log);
    bus.subscribe((event) => events.push(event));
    const inventory = createInventory({
      cell: testCell,
      store: store.inventory,
      clock,
      events: bus,
      log,
    });
    const term = () => world.term;
    let life: OpenLifecycle | undefined;
    const tenancy = await createTenancy({
      store: lifeStore,
      inventory,
      clock,
      random,
      log,
      term,
      whyNotPlace: async (hostId, tenant) =>
        ((await life?.whyNotPlace(hostId, tenant.name)) ?? []).map(({ words }) => words),
    });
    life = await createLifecycle({
      store: lifeStore,
      inventory,
      tenancy,
      links: {
        view: (hostId) => ({
          state: links.get(hostId) ?? "connected",
          sinceMs: null,
          lastHeardMs: null,
          sessionId: null,
          clockOffsetMs: 0,
        }),
      },
      health: { view: (hostId) => health.get(hostId) ?? unjudged },
      clock,
      random,
      events: bus,
      log,
      term,
      settings: { emergencyNeedsTwo: true },
      brakes: () => world.brakes,
      hasBmc: (host) => world.hasBmc(host),
      data: (host) => world.data?.(host) ?? "tainted",
    });
    return { ...life, inventory, tenancy, events: bus };
  };

  let manager: Manager;
  const world: LifeWorld = {
    clock,
    random,
    store,
    events,
    lines,
    links,
    brakes: [],
    data: undefined,
    hasBmc: () => true,
    term: 1,
    manager: () => manager,
    async restart() {
      manager.stop();
      manager = await boot();
      return manager;
    },
    async setHealth(hostId, verdict, detail) {
      const finding = {
        rule: "disk-pending",
        verdict: "failing",
        component: { kind: "disk", id: "sda" },
        detail: detail ?? "a disk is about to fail",
        sinceMs: clock.nowUnixMs(),
        seenMs: clock.nowUnixMs(),
        isStale: false,
        clearsWhen: "never",
      } as unknown as HealthView["findings"][number];
      health.set(hostId, {
        ...unjudged,
        verdict,
        findings: verdict === "ok" || verdict === "unknown" ? [] : [finding],
      });
      manager.events.publish({ kind: "health-changed", hostId, verdict });
      await clock.settle();
      await clock.settle();
    },
    setLink(hostId, state) {
      links.set(hostId, state);
      manager.events.publish({ kind: "link-changed", hostId, state });
    },
    async close() {
      manager.stop();
      await store.close();
    },
  };
  manager = await boot();
  return world;
}

/** One active host with a serial and a boot, and nothing on it. */
export const someHost = (facts: Partial<HostRecord> = {}): HostRecord =>
  hostRecord(1, { serial: "CZ3042H8KD", bootId: "boot-1" as never, ...facts });
