import { type Alerts, type AlertsEffects, createAlerts } from "#fleet/alerts/create-alerts.ts";
import type { Batch, Channel, SendOutcome } from "#fleet/alerts/delivery.ts";
import { unjudged } from "#fleet/health/finding.ts";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { LinkState } from "#fleet/inventory/links.ts";
import { watchDomainEvents } from "#fleet/lifecycle/watch-domain-events.ts";
import type { ControlStore } from "#fleet/storage/control-store.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostRecord, positionOf } from "./inventory-builders.ts";
import { openMemoryStore } from "./memory-store.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

/** A channel that keeps what it is sent, and answers what a test says. */
export interface KeptChannel extends Channel {
  readonly batches: Batch[];
  /** What it answers from now on; by batch where a function. */
  answer: SendOutcome | ((batch: Batch) => SendOutcome | Promise<SendOutcome>);
}

export function keptChannel(facts: Partial<Channel> = {}): KeptChannel {
  const channel: KeptChannel = {
    name: "pager",
    kind: "webhook",
    target: "https://pager.example",
    severity: "warn",
    messagesPerHour: 600,
    digestMs: 0,
    batchMax: 1,
    batches: [],
    answer: { kind: "sent", words: "taken" },
    async send(batch) {
      channel.batches.push(batch);
      return typeof channel.answer === "function" ? channel.answer(batch) : channel.answer;
    },
    ...facts,
  };
  return channel;
}

export interface AlertWorld {
  readonly clock: VirtualClock;
  readonly store: ControlStore;
  readonly alerts: Alerts;
  readonly hosts: HostRecord[];
  /** What the world looks like to alerts: a test changes it. */
  readonly facts: { -readonly [Key in keyof Faked]: Faked[Key] };
  setLink(numbers: readonly number[], state: LinkState): void;
  change(number: number, facts: Partial<HostRecord>): void;
  /** `opened host-lost`, in the order in which the channel heard. */
  told(channel: KeptChannel): readonly string[];
  /** The manager dies and another one begins over the same store and channels. */
  restart(how?: "killed" | "stopped"): Promise<AlertWorld>;
  stop(): Promise<void>;
}

type Faked = Pick<AlertsEffects, "freeBytes" | "clones" | "safeMode" | "listOperations"> & {
  findings: (host: HostId) => ReturnType<AlertsEffects["health"]["view"]>["findings"];
  openPlans: readonly Awaited<ReturnType<AlertsEffects["plans"]["list"]>>[number][];
  verifyAudit: AlertsEffects["verifyAudit"];
  term: number;
};

const sound = { records: 1, head: { seq: 1, sha256: "0" }, fault: null, headsConfirmed: 0 };

/** Alerts over the real domain watch and the real store in memory; ten hosts in each of two racks. */
export async function openAlertWorld(
  channels: readonly KeptChannel[] = [],
  given: {
    clock?: VirtualClock;
    store?: ControlStore;
    term?: number;
    plans?: Faked["openPlans"];
  } = {},
): Promise<AlertWorld> {
  const clock = given.clock ?? createVirtualClock();
  const store = given.store ?? (await openMemoryStore(clock));
  const events = createEventBus(silentLog);
  const random = createSeededRandom(11 + (given.term ?? 1));
  const hosts = Array.from({ length: 20 }, (_, at) =>
    hostRecord(at + 1, {
      name: `web-${at + 1}`,
      phase: "active",
      position: positionOf(`eu/fra2/row-b/rack-0${at < 10 ? 1 : 2}/u${(at % 10) + 1}`),
    }),
  );
  const links = new Map<HostId, { state: LinkState; lastHeardMs: number }>();
  const view = (id: HostId) => ({
    state: links.get(id)?.state ?? ("connected" as const),
    sinceMs: null,
    lastHeardMs: unixMs(links.get(id)?.lastHeardMs ?? clock.nowUnixMs()),
    sessionId: null,
    clockOffsetMs: null,
  });
  const facts: AlertWorld["facts"] = {
    freeBytes: () => 100 * 1024 ** 3,
    clones: () => [],
    safeMode: () => null,
    listOperations: async () => [],
    findings: () => [],
    openPlans: given.plans ?? [],
    verifyAudit: async () => sound,
    term: given.term ?? 1,
  };
  const inventory = {
    hosts: async () => hosts,
    racks: async () => [],
    sites: async () => [],
  };
  const term = (): number => facts.term;
  const domains = watchDomainEvents({
    inventory,
    links: { view },
    events,
    audit: store.audit,
    store: store.domainEvents,
    term,
    clock,
    random,
    log: silentLog,
  });
  await domains.takenOver();
  const alerts = createAlerts({
    cell: "test",
    store: store.alerts,
    inventory,
    links: { view },
    health: { view: (id) => ({ ...unjudged, findings: facts.findings(id) }) },
    lifecycle: {
      view: () => ({
        lifecycle: "active",
        holds: [],
        leases: [],
        isSchedulable: true,
        whyNotSchedulable: [],
        data: "unknown",
      }),
    },
    listOperations: () => facts.listOperations(),
    plans: {
      find: async (id) => facts.openPlans.find((plan) => plan.id === id),
      list: async () => facts.openPlans,
    },
    domains,
    safeMode: () => facts.safeMode(),
    clones: () => facts.clones(),
    freeBytes: () => facts.freeBytes(),
    verifyAudit: () => facts.verifyAudit(),
    events,
    clock,
    random,
    log: silentLog,
    channels,
    term,
  });
  alerts.start();
  await clock.advance(10);
  return {
    clock,
    store,
    alerts,
    hosts,
    facts,
    setLink(numbers, state) {
      for (const number of numbers) {
        const host = hosts[number - 1];
        if (host === undefined) continue;
        const lastHeardMs = state === "lost" ? clock.nowUnixMs() - 90_000 : clock.nowUnixMs();
        links.set(host.id, { state, lastHeardMs });
        events.publish({ kind: "link-changed", hostId: host.id, state });
      }
    },
    change(number, changed) {
      const host = hosts[number - 1];
      if (host === undefined) return;
      hosts[number - 1] = { ...host, ...changed };
      events.publish({ kind: "host-changed", hostId: host.id });
    },
    told: ({ batches }) =>
      batches.flatMap(({ deliveries }) =>
        deliveries.map(({ transition, alert }) => `${transition} ${alert.kind}`),
      ),
    async restart(how = "killed") {
      if (how === "stopped") await alerts.stop();
      // One that was killed does nothing more: it has no term.
      else facts.term = 0;
      domains.stop();
      await clock.advance(10);
      return openAlertWorld(channels, {
        clock,
        store,
        term: (given.term ?? 1) + 1,
        plans: facts.openPlans,
      });
    },
    async stop() {
      domains.stop();
      await alerts.stop();
      await store.close();
    },
  };
}

/** After a start nobody is lost for the grace time. */
export const afterGraceMs = 305_000;
