import { type ApiParts, createApi } from "#fleet/api/api.ts";
import type { Api } from "#fleet/api/api-server.ts";
import { type AlertsEffects, createAlerts } from "#fleet/alerts/create-alerts.ts";
import { createFreezeWatch } from "#fleet/lifecycle/freeze-watch.ts";
import { createSafeModeWatch } from "#fleet/lifecycle/safe-mode-watch.ts";
import { watchDomainEvents } from "#fleet/lifecycle/watch-domain-events.ts";
import { createAudit } from "#fleet/audit/create-audit.ts";
import { createHostHealth, type HostHealth } from "#fleet/health/host-health.ts";
import { createHostIdentity } from "#fleet/identity/create-host-identity.ts";
import { createPeople } from "#fleet/identity/create-people.ts";
import { createEstateDesk } from "#fleet/inventory/estate/estate-desk.ts";
import { createInventory } from "#fleet/inventory/create-inventory.ts";
import type { FleetEvent, FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { NewHost } from "#fleet/inventory/inventory.ts";
import type { LinkView } from "#fleet/inventory/links.ts";
import type { ControlStore } from "#fleet/storage/control-store.ts";
import type { KeptFigures } from "#fleet/reports/report-store.ts";
import { openTelemetry } from "#fleet/telemetry/open-telemetry.ts";
import { type HostId, parseUuid } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { type MetricName, metrics } from "#proto/vocabulary/metrics.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf, testCell } from "./inventory-builders.ts";
import { createMemoryLife, type MemoryLife } from "./memory-life.ts";
import { createMemoryBlockFolder } from "./memory-block-folder.ts";
import { openMemoryStore } from "./memory-store.ts";
import { bootOf, dictionaryOf, reportOf, seriesOf, spoolOf } from "./report-builders.ts";
import { createPlainPasswords } from "./plain-passwords.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { openTestReports } from "./test-reports.ts";
import { createTestAuthority } from "./test-peers.ts";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

/**
 * The API over the real inventory, identity and telemetry, in memory. Time stands still unless it is
 * moved; links are what a test says.
 */
export interface ApiWorld {
  readonly api: Api;
  readonly clock: VirtualClock;
  readonly parts: ApiParts;
  readonly health: HostHealth;
  readonly life: MemoryLife;
  readonly store: ControlStore;
  /** An API token's secret. */
  readonly token: string;
  /** Adds an active host called `host-N`, connected since now. */
  addHost(number: number, facts?: Partial<NewHost>): Promise<HostId>;
  setLink(hostId: HostId, link: Partial<LinkView>): void;
  /** A report with a point a second of each, the last one of the second before now. */
  measure(hostId: HostId, figures: readonly Figures[]): Promise<void>;
  /** Keeps the figures of now, as the scheduler of reports does once a day. */
  keepFigures(): Promise<KeptFigures>;
  /** GET as the token's owner; the parsed answer. */
  get(path: string): Promise<{ readonly status: number; readonly body: unknown }>;
  close(): Promise<void>;
}

export interface Figures {
  readonly metric: MetricName;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Gauges to four digits; counters: whole increments. null: not seen. */
  readonly values: readonly (number | null)[];
}

const noHeads = { read: () => [], write: () => {} };

/** `join`: what stands in the place of the desks that only keep what they are told. */
export async function createApiWorld(
  differs: Partial<ApiParts> = {},
  join: (
    parts: Omit<ApiParts, "alerts" | "reports">,
    store: ControlStore,
  ) => Promise<Partial<ApiParts>> = async () => ({}),
): Promise<ApiWorld> {
  const clock = createVirtualClock();
  const events = createTestEvents();
  const random = createSeededRandom(3);
  const log = silentLog;
  const store = await openMemoryStore(clock);
  const inventory = createInventory({
    cell: testCell,
    store: store.inventory,
    clock,
    events,
    log,
  });
  const telemetry = await openTelemetry({
    folder: createMemoryBlockFolder(),
    clock,
    log,
    config: { commitSpacingMs: 0, reserveBytes: 0 },
  });
  const people = createPeople({
    store: store.identity,
    users: store.people,
    passwords: createPlainPasswords(),
    welcomesNewcomers: true,
    clock,
    random,
    log,
  });
  const ca = createTestAuthority(clock);
  const identity = createHostIdentity({
    store: store.identity,
    inventory,
    ca,
    clock,
    random,
    events,
    log,
  });
  const linkOf = new Map<HostId, LinkView>();
  const links = { view: (hostId: HostId) => linkOf.get(hostId) ?? unheard };
  const health = await createHostHealth({
    store: store.health,
    inventory,
    telemetry,
    links,
    events,
    clock,
    random,
    log,
  });
  const life = createMemoryLife({ inventory, clock });
  const domains = watchDomainEvents({
    inventory,
    links,
    events,
    audit: store.audit,
    store: store.domainEvents,
    term: () => 1,
    clock,
    random,
    log,
  });
  type Usual = Omit<ApiParts, "alerts" | "reports">;
  const usual: Usual & Partial<Pick<ApiParts, "alerts" | "reports">> = {
    cell: testCell,
    lifecycle: life.lifecycle,
    plans: life.plans,
    tenancy: life.tenancy,
    inventory,
    links,
    telemetry,
    health,
    identity,
    estate: createEstateDesk({
      cell: testCell,
      inventory,
      clock,
      random,
      log,
      wattsOf: (id) => telemetry.latest(id)?.newestOf("hw.host.power")?.value ?? null,
    }),
    people,
    freeze: await createFreezeWatch({
      store: store.freeze,
      file: { read: () => null, write() {} },
      events,
      clock,
      log,
    }),
    freezeLiftNeedsTwo: true,
    safeMode: await createSafeModeWatch({
      store: store.safeMode,
      term: () => 1,
      countHosts: async () => (await inventory.hosts()).length,
      clock,
      log,
    }),
    domains,
    audit: createAudit({ store: store.audit, heads: noHeads, clock, log }),
    events,
    store: {
      check: async () => ({
        isSound: true,
        checks: [{ what: "control store", isSound: true, detail: "integrity_check ok" }],
      }),
      backup: async () => ({ folder: "/data/backup-1", files: 3, bytes: 4096 }),
    },
    clock,
    log,
    settings: { address: "127.0.0.1", port: 0, tls: null, names: [] },
    ready: () => ({ isReady: true, waitingFor: [] }),
    release: "0.1.0",
    consoleFolder: "/nowhere/console",
    ...differs,
  };
  const joined = { ...usual, ...(await join(usual, store)) };
  const alerts = createAlerts({
    ...joined,
    store: store.alerts,
    domains: differs.domains === undefined ? domains : wholeWatch(differs.domains),
    listOperations: store.lifecycle.listOpenOperations,
    safeMode: joined.safeMode.mode,
    clones: () => [],
    freeBytes: () => null,
    verifyAudit: joined.audit.verify,
    random: createSeededRandom(4),
    channels: [],
    term: () => 1,
  });
  const ownReports = openTestReports(joined, store);
  const parts: ApiParts = { alerts, reports: ownReports, ...joined };
  if (joined.alerts === undefined) alerts.start();
  // One brake for one fleet.
  if (joined.domains !== domains) domains.stop();
  const api = createApi(parts);
  const { secret: token } = await people.createApiToken("tester", 86_400_000);
  const setLink = (hostId: HostId, link: Partial<LinkView>): void => {
    linkOf.set(hostId, { ...unheard, ...link });
  };
  let reports = 0;
  return {
    api,
    clock,
    parts,
    health,
    life,
    store,
    token,
    setLink,
    async addHost(number, facts = {}) {
      const added = await inventory.addHost({
        id: hostIdOf(number),
        name: `host-${number}`,
        phase: "active",
        position: null,
        simulated: false,
        adopted: false,
        watchedOnly: false,
        serial: null,
        ...facts,
      });
      if (!added.ok) throw new Error(JSON.stringify(added.problem));
      const nowMs = clock.nowUnixMs();
      const heard = { sinceMs: nowMs, lastHeardMs: nowMs, clockOffsetMs: 12 };
      setLink(added.value.id, { state: "connected", ...heard });
      return added.value.id;
    },
    async measure(hostId, figures) {
      reports += 1;
      const dictionary = dictionaryOf(
        ...figures.map(({ metric, attributes = {} }) =>
          seriesOf(metric, attributes, { exponent: isGauge(metric) ? -4 : 0 }),
        ),
      );
      telemetry.addDictionary(dictionary);
      const steps = Math.max(...figures.map(({ values }) => values.length));
      const nowMs = Math.floor(clock.nowUnixMs() / 1_000) * 1_000;
      await telemetry.append({
        hostId,
        spoolId: spoolOf(reports),
        bootId: bootOf(1),
        receivedMs: clock.nowUnixMs(),
        report: reportOf({
          seq: 1,
          dictionary,
          startMs: nowMs - steps * 1_000,
          points: figures.map(({ metric, values }) =>
            values.map((value) =>
              value === null || !isGauge(metric) ? value : Math.round(value * 10_000),
            ),
          ),
        }),
      });
      events.publish({ kind: "host-telemetry", hostId, untilMs: unixMs(nowMs) });
    },
    async keepFigures() {
      const figures = await ownReports.figures();
      await store.reports.keep(figures, String(clock.nowUnixMs()));
      return figures;
    },
    async get(path) {
      const answer = await api.inject({ url: path, headers: asToken(token) });
      return { status: answer.statusCode, body: parseBody(answer.body) };
    },
    async close() {
      await api.close();
      await alerts.stop();
      await ownReports.stop();
      domains.stop();
      await health.stop();
      await telemetry.close();
      await store.close();
    },
  };
}

/** Domain events that a test makes up: they are known as they are open. */
function wholeWatch(domains: ApiParts["domains"]): AlertsEffects["domains"] {
  return {
    ...domains,
    known: () =>
      domains.open().map((event) => ({ event, toldMs: null, acknowledged: null, endedMs: null })),
    onChange: () => () => {},
  };
}

/** What a program sends with every request. */
export function asToken(token: string): { readonly host: string; readonly authorization: string } {
  return { host: "127.0.0.1:7600", authorization: `Bearer ${token}` };
}

/** Any well-formed id. */
export function uuid<Id extends string>(text: string): Id {
  const id = parseUuid(text);
  if (!id.ok) throw new Error(`not a UUID: ${text}`);
  return id.value as string as Id;
}

function createTestEvents(): FleetEvents {
  const listeners = new Set<(event: FleetEvent) => void>();
  return {
    publish(event) {
      for (const listener of listeners) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const unheard: LinkView = {
  state: "never",
  sinceMs: null,
  lastHeardMs: null,
  sessionId: null,
  clockOffsetMs: null,
};

function isGauge(metric: MetricName): boolean {
  return metrics[metric].kind === "gauge";
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
