/**
 * The console without agents: the real API over stores in memory, with hosts whose figures are made
 * up every second. `node test/support/console-dev-server.ts [HOSTS] [PORT]` prints a sign-in link.
 */
import { join } from "node:path";
import { createApi } from "#fleet/api/api.ts";
import { signinPath } from "#fleet/api/signin-link.ts";
import { readReportSelector } from "#fleet/api/report-selection.ts";
import { compiledBudgets } from "#fleet/lifecycle/plans/budget-limits.ts";
import { openReports } from "#fleet/reports/open-reports.ts";
import { createMemoryReportFolder } from "./test-reports.ts";
import { createAlerts } from "#fleet/alerts/create-alerts.ts";
import { createAudit } from "#fleet/audit/create-audit.ts";
import { createHostHealth } from "#fleet/health/host-health.ts";
import { createHostIdentity } from "#fleet/identity/create-host-identity.ts";
import { createPeople } from "#fleet/identity/create-people.ts";
import { createEstateDesk } from "#fleet/inventory/estate/estate-desk.ts";
import { createArgon2Passwords } from "#fleet/storage/argon2-passwords.ts";
import { createInventory } from "#fleet/inventory/create-inventory.ts";
import type { FleetEvent, FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { LinkView } from "#fleet/inventory/links.ts";
import { openLife } from "#fleet/life/start-life.ts";
import { labPolicy } from "#fleet/lifecycle/plans/plan-policy.ts";
import { openTelemetry } from "#fleet/telemetry/open-telemetry.ts";
import type { Hello } from "#proto/messages/frames.ts";
import type { BootEvidence } from "#proto/messages/state.ts";
import type { BootId, HostId } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { type MadeUpHost, makeUpHosts } from "./console-dev-hosts.ts";
import { addRacks, stageLife } from "./console-dev-life.ts";
import { testCell } from "./inventory-builders.ts";
import { bootOf } from "./report-builders.ts";
import { createMemoryBlockFolder } from "./memory-block-folder.ts";
import { openMemoryStore } from "./memory-store.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { createSimulatedHostPort } from "./simulated-host-port.ts";
import { systemClock as clock } from "./system-clock.ts";
import { createTestAuthority } from "./test-peers.ts";

const hostCount = Number(process.argv[2] ?? 480);
const listenPort = Number(process.argv[3] ?? 7600);
const log = silentLog;
const random = createSeededRandom(Date.now());

const listeners = new Set<(event: FleetEvent) => void>();
const events: FleetEvents = {
  publish: (event) => {
    for (const listener of listeners) listener(event);
  },
  subscribe: (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
const store = await openMemoryStore(clock);
const hosts = makeUpHosts(hostCount);
await addRacks(
  store.inventory,
  hosts.flatMap(({ record }) => record.position ?? []),
);
const inventory = createInventory({ cell: testCell, store: store.inventory, clock, events, log });
const telemetry = await openTelemetry({
  folder: createMemoryBlockFolder(),
  clock,
  log,
  config: { reserveBytes: 0 },
});
const people = createPeople({
  store: store.identity,
  users: store.people,
  passwords: createArgon2Passwords(),
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
const links = new Map<HostId, LinkView>();
const never: LinkView = {
  state: "never",
  sinceMs: null,
  lastHeardMs: null,
  sessionId: null,
  clockOffsetMs: null,
};

const linkViews = { view: (hostId: HostId) => links.get(hostId) ?? never };
const health = await createHostHealth({
  store: store.health,
  inventory,
  telemetry,
  links: linkViews,
  events,
  clock,
  random,
  log,
});
const port = createSimulatedHostPort(clock, createSeededRandom(1));
const life = await openLife({
  store,
  inventory,
  telemetry,
  links: linkViews,
  health,
  hosts: port,
  notify: { tell: async () => ({ isDelivered: false, detail: "photo has no address" }) },
  events,
  clock,
  random,
  log,
  holder: "console-dev-server",
  policy: labPolicy,
  management: () => new Set(),
});
const { lifecycle, plans, tenancy } = life;
const audit = createAudit({
  store: store.audit,
  heads: { read: () => [], write: () => {} },
  clock,
  log,
});
const alerts = createAlerts({
  cell: testCell,
  store: store.alerts,
  inventory,
  links: linkViews,
  health,
  lifecycle,
  plans,
  domains: life.domains,
  safeMode: life.safeMode.mode,
  listOperations: store.lifecycle.listOpenOperations,
  clones: () => [],
  freeBytes: () => null,
  verifyAudit: audit.verify,
  events,
  clock,
  random,
  log,
  channels: [],
  term: life.term,
});
alerts.start();
const cellReports = openReports({
  cell: testCell,
  inventory,
  lifecycle,
  links: linkViews,
  health,
  telemetry,
  events,
  clock,
  log,
  store: store.reports,
  budgets: compiledBudgets,
  readSelector: readReportSelector,
  schedules: [],
  folder: createMemoryReportFolder(),
  isLeader: () => true,
});
const api = createApi({
  cell: testCell,
  reports: cellReports,
  inventory,
  lifecycle,
  plans,
  tenancy,
  links: linkViews,
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
  safeMode: life.safeMode,
  freeze: life.freeze,
  freezeLiftNeedsTwo: false,
  domains: life.domains,
  alerts,
  audit,
  events,
  store: {
    check: async () => ({ isSound: true, checks: [] }),
    backup: async () => ({ folder: "/nowhere", files: 0, bytes: 0 }),
  },
  clock,
  log,
  settings: { address: "127.0.0.1", port: listenPort, tls: null, names: [] },
  ready: () => ({ isReady: true, waitingFor: [] }),
  release: "0.1.0",
  consoleFolder: join(import.meta.dirname, "../../fleet/console/dist"),
});

for (const host of hosts) {
  const added = await inventory.addHost(host.record);
  if (!added.ok) throw new Error(JSON.stringify(added.problem));
  const nowMs = clock.nowUnixMs();
  if (host.link !== "never") {
    const boot = hosts.indexOf(host) % 9 === 3 ? await reboot(host) : null;
    if (hosts.indexOf(host) % 9 === 4) await changeParts(host);
    await inventory.recordState(host.record.id, { ...host.state, boot });
    const silentMs = host.link === "connected" ? 0 : 7 * 60_000;
    links.set(host.record.id, {
      ...never,
      state: host.link,
      sinceMs: unixMs(nowMs - host.sinceMs),
      lastHeardMs: unixMs(nowMs - silentMs),
      clockOffsetMs: host.clockOffsetMs,
    });
  }
}

/** One of nine has other parts than a while ago, and fewer than its class. */
async function changeParts({ record, state }: MadeUpHost): Promise<void> {
  const [first, ...rest] = state.identity.components;
  if (first === undefined) return;
  const before = [
    { ...first, firmware: "1.0" },
    { ...first, slot: "gone0", serial: "A-PART-THAT-WAS-THERE" },
    ...rest,
  ];
  await inventory.recordState(record.id, {
    ...state,
    identity: { ...state.identity, components: before },
  });
}

/** One of nine has been rebooted; some of these by a panic. */
async function reboot({ record }: MadeUpHost): Promise<BootEvidence> {
  const [before, now] = [bootOf(9_001), bootOf(9_002)];
  const hello = (bootId: BootId) => ({ bootId, agentRelease: "0.1.0" }) as Hello;
  await inventory.recordSession(record.id, hello(before));
  await health.sessionOpens(record.id, now);
  await inventory.recordSession(record.id, hello(now));
  const isOrderly = !record.name.endsWith("4");
  return {
    bootedMs: clock.nowUnixMs(),
    pstore: isOrderly
      ? []
      : ["dmesg-erst-7: Kernel panic - not syncing: Fatal exception in interrupt"],
    sel: [],
    watchdogStatus: 0,
    agentStopped: isOrderly,
    agentLastMs: null,
    shutdown: isOrderly ? "reboot" : null,
  };
}

const reports = new Map<MadeUpHost, number>();
const startMs = Math.floor(clock.nowUnixMs() / 1_000) * 1_000;
// The past first, so that charts have something to show; one large report a host.
for (const host of hosts) await report(host, startMs - 600_000, 600);

async function report(host: MadeUpHost, fromMs: number, steps: number): Promise<void> {
  const seq = (reports.get(host) ?? 0) + 1;
  reports.set(host, seq);
  const entry = host.report(seq, fromMs, steps);
  if (entry === null) return;
  telemetry.addDictionary(entry.dictionary);
  await telemetry.append({ ...entry, receivedMs: clock.nowUnixMs() });
  const untilMs = unixMs(fromMs + steps * 1_000 - 1_000);
  events.publish({ kind: "host-telemetry", hostId: host.record.id, untilMs });
}

let reportedMs = startMs;
const tick = async (): Promise<void> => {
  const nowMs = Math.floor(clock.nowUnixMs() / 1_000) * 1_000;
  const steps = (nowMs - reportedMs) / 1_000;
  if (steps > 0) {
    const heard = hosts.filter(({ link: state }) => state === "connected" || state === "late");
    await Promise.all(heard.map((host) => report(host, reportedMs, steps)));
    reportedMs = nowMs;
  }
  setTimeout(() => void tick(), 1_000);
};

await life.start();
await stageLife({ life, inventory, port });
const address = await api.listen();
const link = await people.createSigninLink("developer");
process.stdout.write(`${address}${signinPath(link.secret)}\n`);
void tick();
