import type { HealthView } from "#fleet/health/finding.ts";
import { unjudged } from "#fleet/health/finding.ts";
import { createInventory } from "#fleet/inventory/create-inventory.ts";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import { type Life, openLife } from "#fleet/life/start-life.ts";
import { labPolicy } from "#fleet/lifecycle/plans/plan-policy.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";
import { testCell } from "#test/support/inventory-builders.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { VirtualClock } from "#test/support/virtual-clock.ts";
import { createSimulatedLinks } from "./simulated-links.ts";
import { createWayToHosts, type WayToHosts } from "./way-to-hosts.ts";
import type { FleetNetwork } from "./fleet-network.ts";
import type { StoreWitness } from "./store-witness.ts";

/** How a manager is: paused as a stopped process is, or gone without a word. */
export type ManagerState = "running" | "paused" | "dead";

/** One manager process of the cell: the product's own life of hosts over a world of models. */
export interface SimulatedManager {
  readonly name: string;
  readonly life: Life;
  readonly inventory: Inventory;
  readonly events: FleetEvents;
  readonly way: WayToHosts;
  state(): ManagerState;
  /** Its process stands still: timers, answers and the store wait for it. */
  pause(): void;
  resume(): void;
  /** Gone in the middle of whatever it awaits. */
  kill(): void;
  /** At its n-th call of the store from now on. */
  killAtCall(calls: number): void;
  leapWall(ms: number): void;
  /** Wall clock against the world's, ms. */
  wallMs(): number;
}

export interface ManagerParts {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly store: StoreWitness;
  readonly network: FleetNetwork;
  readonly log: Log;
  /** At its n-th call of the store; Infinity: not by itself. */
  readonly diesAtCall: number;
  readonly onDead: () => void;
}

export async function openSimulatedManager(parts: ManagerParts): Promise<SimulatedManager> {
  const { name, random, network, log } = parts;
  let state: ManagerState = "running";
  let wallMs = 0;
  /** Since when its wall clock is how far off: what came with a report stays noted as it was. */
  const leaps: { readonly fromMs: number; readonly wallMs: number }[] = [];
  const wallAt = (worldMs: number): number => {
    // Asked for each host that is silent: mostly nothing has leapt, or not since.
    for (let at = leaps.length - 1; at >= 0; at -= 1) {
      const leap = leaps[at];
      if (leap !== undefined && leap.fromMs <= worldMs) return leap.wallMs;
    }
    return 0;
  };
  let callsLeft = parts.diesAtCall;
  let waiting: (() => void)[] = [];
  const timers = new Set<CancelTimer>();

  let way: WayToHosts | undefined;
  const kill = (): void => {
    if (state === "dead") return;
    state = "dead";
    waiting = [];
    for (const cancel of timers) cancel();
    timers.clear();
    way?.close();
    parts.onDead();
  };
  const gate = (): Promise<void> | undefined => {
    callsLeft -= 1;
    if (callsLeft <= 0) kill();
    if (state === "running") return undefined;
    if (state === "dead") return new Promise(() => {});
    return new Promise((resolve) => waiting.push(resolve));
  };
  /** Runs it now, or when the process goes on. */
  const inProcess = (run: () => void): void => {
    if (state === "running") run();
    else if (state === "paused") waiting.push(run);
  };
  const clock: Clock = {
    nowUnixMs: () => unixMs(parts.clock.nowUnixMs() + wallMs),
    nowMonotonicMs: () => monotonicMs(parts.clock.nowMonotonicMs()),
    after(delayMs, callback) {
      let isOver = false;
      const cancelTimer = parts.clock.after(delayMs, () => {
        timers.delete(cancel);
        inProcess(() => {
          if (!isOver) callback();
          isOver = true;
        });
      });
      const cancel = (): void => {
        isOver = true;
        timers.delete(cancel);
        cancelTimer();
      };
      timers.add(cancel);
      return cancel;
    },
  };

  const store = parts.store.forManager(name, gate);
  const events = createEventBus(log);
  const inventory = createInventory({ cell: testCell, store: store.inventory, clock, events, log });
  let life: Life | undefined;
  const orders = createWayToHosts({
    name,
    clock: parts.clock,
    random: random.fork("way"),
    network,
    term: () => life?.term() ?? 0,
    wallMs: () => wallMs,
    inProcess,
  });
  way = orders;
  life = await openLife({
    store,
    inventory,
    telemetry: {
      latest(hostId) {
        const { isHeard, sinceMs } = network.heard(hostId);
        const nowMs = parts.clock.nowUnixMs();
        const receivedMs = unixMs(isHeard ? nowMs + wallMs : sinceMs + wallAt(sinceMs));
        return { receivedMs, hostWide: () => 240 };
      },
    },
    links: createSimulatedLinks({ network, clock: parts.clock, wallMs: () => wallMs }),
    health: {
      view: (hostId) => healthOf(network.verdict(hostId), clock),
      lastReboot: () => null,
      explain: () => ({ ...unjudged, pending: [], rules: [] }),
      events: async () => [],
    },
    hosts: orders,
    notify: {
      tell: async (notice) => {
        await new Promise<void>((resolve) => clock.after(200, resolve));
        const isDelivered = random.chance(0.95);
        return { isDelivered, detail: `${notice.tenant.name} answered ${isDelivered ? 204 : 503}` };
      },
    },
    events,
    clock,
    random: random.fork("life"),
    log,
    holder: name,
    policy: { ...labPolicy, approval: "second-person" },
    management: () => new Set(),
  });
  return {
    name,
    life,
    inventory,
    events,
    way: orders,
    state: () => state,
    pause() {
      if (state === "running") state = "paused";
    },
    resume() {
      if (state !== "paused") return;
      state = "running";
      const run = waiting;
      waiting = [];
      for (const go of run) inProcess(go);
    },
    kill,
    killAtCall(calls) {
      callsLeft = calls;
    },
    leapWall(ms) {
      wallMs += ms;
      leaps.push({ fromMs: parts.clock.nowUnixMs(), wallMs });
    },
    wallMs: () => wallMs,
  };
}

const well: HealthView = { ...unjudged, verdict: "ok" };

function healthOf(verdict: HealthView["verdict"], clock: Clock): HealthView {
  if (verdict === "ok") return well;
  if (verdict === "unknown") return unjudged;
  const finding = {
    rule: "disk-pending",
    verdict,
    component: { kind: "disk", id: "sda" },
    detail: "a disk has sectors that cannot be read",
    sinceMs: clock.nowUnixMs(),
    seenMs: clock.nowUnixMs(),
    isStale: false,
    clearsWhen: "none is left",
  } as unknown as HealthView["findings"][number];
  return { ...unjudged, verdict, findings: [finding] };
}
