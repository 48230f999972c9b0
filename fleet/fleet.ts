import { join } from "node:path";
import { createApi } from "#fleet/api/api.ts";
import type { Api } from "#fleet/api/api-server.ts";
import type { Ready } from "#fleet/api/manager-schemas.ts";
import type { FleetConfig } from "#fleet/config/fleet-config.ts";
import { createAudit } from "#fleet/audit/create-audit.ts";
import { dropLostHeads, startHeadExport } from "#fleet/audit/export-head.ts";
import { type AgentGateway, createGateway } from "#fleet/gateway/gateway.ts";
import { createHostOrders } from "#fleet/gateway/host-orders.ts";
import { gatewayDefaults } from "#fleet/gateway/gateway-settings.ts";
import { createLinkTracker, linkDefaults } from "#fleet/gateway/links.ts";
import { listenerDefaults, startAgentListener } from "#fleet/gateway/ws-listener.ts";
import { createHostHealth } from "#fleet/health/host-health.ts";
import { createCertificateAuthority } from "#fleet/identity/certificate-authority.ts";
import { createHostIdentity } from "#fleet/identity/create-host-identity.ts";
import { createPeople } from "#fleet/identity/create-people.ts";
import type { People } from "#fleet/identity/people.ts";
import { createInventory } from "#fleet/inventory/create-inventory.ts";
import { createEstateDesk } from "#fleet/inventory/estate/estate-desk.ts";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import { createArgon2Passwords } from "#fleet/storage/argon2-passwords.ts";
import { readReportSelector } from "#fleet/api/report-selection.ts";
import { openReports } from "#fleet/reports/open-reports.ts";
import { createReportFolder } from "#fleet/storage/report-folder-files.ts";
import { createAuditHeadsFile } from "#fleet/storage/audit-heads-file.ts";
import { openAlerts } from "#fleet/life/open-alerts.ts";
import { policyOf } from "#fleet/life/life-policy.ts";
import { type Life, openLife } from "#fleet/life/start-life.ts";
import { createTenantNotices, type HttpFetch } from "#fleet/life/tenant-notices.ts";
import { createAuthorityFile, newPrivateKeyPem } from "#fleet/storage/authority-file.ts";
import { openBlockFolder } from "#fleet/storage/block-folder-files.ts";
import { claimDataFolder } from "#fleet/storage/claim-data-folder.ts";
import { readCliFile, writeCliFile } from "#fleet/storage/cli-file.ts";
import { type ControlStore, openControlStore } from "#fleet/storage/control-store.ts";
import { createFreezeFile } from "#fleet/storage/freeze-file.ts";
import { createStoreKeeper } from "#fleet/storage/store-keeper.ts";
import { checkTelemetry } from "#fleet/telemetry/check-telemetry.ts";
import { openTelemetry } from "#fleet/telemetry/open-telemetry.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { Result } from "#proto/vocabulary/result.ts";

export interface FleetEffects {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** For notices to tenants, and alerts. */
  readonly fetch: HttpFetch;
  /** Of a file that only its owner may read, and of one that anybody may: the text, or why not. */
  readonly readSecret: (path: string) => Result<string, string>;
  readonly readPublic: (path: string) => Result<string, string>;
  readonly pid: number;
  readonly release: string;
  /** Where the built console lies, or would. */
  readonly consoleFolder: string;
  /** PEM; null: plain HTTP on loopback. */
  readonly consoleTls: { readonly certificate: string; readonly key: string } | null;
}

export interface Fleet {
  /** Where people connect: `http://127.0.0.1:7600`. */
  readonly url: string;
  readonly agentsPort: number;
  ready(): Ready;
  /** Agents are told to come back, what was acknowledged is on disk, the data folder is free. */
  stop(): Promise<void>;
}

/** A listener's port could not be had; `message` names it and the setting that moves it. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  readonly code: string;
  readonly port: number;

  constructor(what: string, address: string, port: number, cause: unknown) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "FAILED";
    super(`${what} cannot listen on ${address} port ${port}: ${reasons[code] ?? code}`, { cause });
    this.code = code;
    this.port = port;
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "another process has that port",
  EACCES: "this user may not take that port",
  EADDRNOTAVAIL: "this machine has no such address",
};

/**
 * The manager of one cell: opens the stores, joins the modules, listens. What was opened is closed
 * again, last first, when a later step fails and when it is stopped. Throws StoreError,
 * IdentityError, TelemetryError, ListenError.
 */
export async function startFleet(config: FleetConfig, effects: FleetEffects): Promise<Fleet> {
  const { log } = effects;
  const closers: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) {
      try {
        await closer();
      } catch (error) {
        log.error({ err: error }, "a part of the manager did not stop cleanly");
      }
    }
  };
  try {
    return await open(config, effects, (closer) => closers.push(closer), close);
  } catch (cause) {
    await close();
    throw cause;
  }
}

async function open(
  config: FleetConfig,
  effects: FleetEffects,
  onStop: (closer: () => Promise<void> | void) => void,
  close: () => Promise<void>,
): Promise<Fleet> {
  const { clock, random, log, release } = effects;
  const { cell, dataFolder } = config;
  const folder = claimDataFolder(dataFolder, { pid: effects.pid, release });
  onStop(folder.release);
  const ca = createCertificateAuthority({
    cell,
    file: createAuthorityFile(dataFolder),
    newPrivateKeyPem,
    clock,
    random,
  });
  const store = await openControlStore(
    config.databaseUrl === null
      ? { sqlite: `${dataFolder}/control.sqlite` }
      : { postgres: config.databaseUrl },
    { clock, random, log, release, cell },
  );
  onStop(() => store.close());
  const auditParts = {
    store: store.audit,
    heads: createAuditHeadsFile(dataFolder),
    clock,
    log: log.child({ component: "audit" }),
  };
  const headExport = startHeadExport(auditParts);
  onStop(() => headExport.stop());
  const audit = createAudit(auditParts);
  onStop(() => audit.stop());
  const blocks = openBlockFolder(`${dataFolder}/telemetry`);
  onStop(() => blocks.close());
  const telemetry = await openTelemetry({ folder: blocks, clock, log, config: config.telemetry });
  onStop(() => telemetry.close());

  const events = createEventBus(log);
  const inventory = createInventory({
    cell,
    store: store.inventory,
    clock,
    events,
    log,
    lastReportMs: (id) => telemetry.latest(id)?.receivedMs ?? null,
  });
  const identity = createHostIdentity({
    store: store.identity,
    inventory,
    ca,
    clock,
    random,
    events,
    log,
  });
  const people = createPeople({
    store: store.identity,
    users: store.people,
    passwords: createArgon2Passwords(),
    welcomesNewcomers: config.profile === "lab",
    clock,
    random,
    log,
  });
  const links = createLinkTracker({
    clock,
    events,
    settings: { ...linkDefaults, heartbeatMs: config.agents.heartbeatMs },
  });
  onStop(links.stop);
  for (const { id } of await inventory.hosts()) {
    const heardMs = telemetry.latest(id)?.receivedMs;
    if (heardMs !== undefined) links.remember(id, heardMs);
  }
  const health = await createHostHealth({
    store: store.health,
    inventory,
    telemetry,
    links,
    events,
    clock,
    random,
    log: log.child({ component: "health" }),
  });
  onStop(() => health.stop());
  let life: Life | undefined;
  const gateway = createGateway({
    identity,
    inventory,
    telemetry,
    links,
    health,
    events,
    term: () => life?.term() ?? 0,
    onTerm: (hostId, term) => life?.safeMode.told(hostId, term),
    clock,
    random,
    log: log.child({ component: "gateway" }),
    settings: {
      ...gatewayDefaults,
      cell,
      reportIntervalMs: config.agents.reportIntervalMs,
      simulatedReportIntervalMs: config.agents.simulatedReportIntervalMs,
    },
  });
  const thisMachine = config.withThisMachine ? awaitThisMachine(events, inventory, log) : null;
  life = await openLife({
    store,
    inventory,
    telemetry,
    links,
    health,
    hosts: createHostOrders(gateway),
    notify: createTenantNotices(effects),
    events,
    clock,
    random,
    log: log.child({ component: "lifecycle" }),
    holder: await holderOf(store, effects),
    freezeFile: createFreezeFile(dataFolder),
    isFreezeLiftedAlone: config.profile === "lab",
    policy: policyOf(config),
    onTrusted: async () => void (await dropLostHeads(auditParts)),
    management: () => new Set(thisMachine?.hostIds() ?? []),
  });
  onStop(life.stop);
  await life.start();
  const state = { isListening: false };
  const ready = (): Ready => {
    const waitingFor: string[] = [];
    if (!state.isListening) waitingFor.push("the listeners");
    if (thisMachine?.hasReported() === false) waitingFor.push("the first report of this machine");
    return { isReady: waitingFor.length === 0, waitingFor };
  };
  const alerts = openAlerts(life, {
    ...effects,
    config,
    store,
    inventory,
    links,
    health,
    events,
    log: log.child({ component: "alerts" }),
    clones: gateway.cloneSuspects,
    freeBytes: () => blocks.freeBytes(),
    verifyAudit: audit.verify,
  });
  onStop(alerts.stop);
  alerts.start();
  const reports = openReports({
    cell,
    inventory,
    lifecycle: life.lifecycle,
    links,
    health,
    telemetry,
    events,
    clock,
    store: store.reports,
    budgets: config.budgets,
    readSelector: readReportSelector,
    schedules: config.reportSchedules,
    folder: createReportFolder(join(dataFolder, "reports")),
    isLeader: life.isLeader,
    log: log.child({ component: "reports" }),
  });
  onStop(reports.stop);
  reports.start();
  const api = createApi({
    cell,
    reports,
    lifecycle: life.lifecycle,
    plans: life.plans,
    tenancy: life.tenancy,
    inventory,
    links,
    telemetry,
    health,
    identity,
    estate: createEstateDesk({
      cell,
      inventory,
      clock,
      random,
      log: log.child({ component: "estate" }),
      wattsOf: (id) => telemetry.latest(id)?.newestOf("hw.host.power")?.value ?? null,
    }),
    people,
    safeMode: life.safeMode,
    freeze: life.freeze,
    freezeLiftNeedsTwo: config.profile !== "lab",
    domains: life.domains,
    alerts,
    audit,
    events,
    store: createStoreKeeper({
      dataFolder,
      store,
      clock,
      checkMore: () => checkTelemetry(blocks),
    }),
    clock,
    log: log.child({ component: "api" }),
    settings: {
      address: config.console.address,
      port: config.console.port,
      tls: effects.consoleTls,
      names: config.console.names,
    },
    ready,
    release,
    consoleFolder: effects.consoleFolder,
    figures: {
      agentSessions: () => gateway.stats().openSessions,
      openAlerts: alerts.open,
      alertChannels: alerts.channels,
      reportSchedules: reports.schedules,
    },
  });
  onStop(() => api.close());
  const agentsPort = await listenForAgents(config, effects, gateway, ca, onStop);
  const url = await listenForPeople(config, api);
  await leaveCliFile(dataFolder, url, people);
  state.isListening = true;
  onStop(() => {
    state.isListening = false;
  });
  // Nothing more is begun before the ways to the hosts are closed.
  onStop(life.stop);
  log.info({ url, agentsPort, cell, engine: store.kind, release }, "manager listens");
  return { url, agentsPort, ready, stop: close };
}

/** A machine that comes back waits a random part of this, so that not all come at once. */
const comeBackMs = 5_000;

async function listenForAgents(
  config: FleetConfig,
  effects: FleetEffects,
  gateway: AgentGateway,
  ca: ReturnType<typeof createCertificateAuthority>,
  onStop: (closer: () => Promise<void>) => void,
): Promise<number> {
  const { address, port, names } = config.agents;
  const { clock, random, log } = effects;
  const reachableAs = ["localhost", "127.0.0.1", "::1", ...names];
  if (address !== "0.0.0.0" && address !== "::") reachableAs.push(address);
  try {
    const listener = await startAgentListener({
      gateway,
      tls: ca.issueListener(newPrivateKeyPem(), [...new Set(reachableAs)]),
      clock,
      random,
      log: log.child({ component: "gateway" }),
      settings: { ...listenerDefaults, host: address, port },
    });
    onStop(async () => {
      const closed = listener.stop(1_000);
      await gateway.stop(comeBackMs);
      await closed;
    });
    return listener.port;
  } catch (cause) {
    throw new ListenError("the agents' listener", address, port, cause);
  }
}

async function listenForPeople(config: FleetConfig, api: Api): Promise<string> {
  const { address, port } = config.console;
  try {
    return await api.listen();
  } catch (cause) {
    throw new ListenError("the console", address, port, cause);
  }
}

/**
 * How whoever may read the data folder reaches the manager and makes the first sign-in link. The same
 * token as last time where it is still good, so that starts leave nothing behind.
 */
/** Leaves what the command line of this machine needs to be let in. */
export async function leaveCliFile(dataFolder: string, url: string, people: People): Promise<void> {
  const former = readCliFile(dataFolder);
  const known = former === null ? undefined : await people.fromApiToken(former.token);
  const token =
    former !== null && known !== undefined
      ? former.token
      : (await people.createApiToken("cli.json", cliTokenValidMs)).secret;
  writeCliFile(dataFolder, { url, token });
}

const cliTokenValidMs = 365 * 86_400_000;

/**
 * Who leads is written down for each process. On SQLite the data folder is claimed by one alone: one
 * that was killed is not waited for, and its term is over.
 */
async function holderOf(store: ControlStore, { random, pid }: FleetEffects): Promise<string> {
  if (store.kind === "postgres") return `${pid}-${Buffer.from(random.bytes(8)).toString("hex")}`;
  await store.leader.release(folderHolder);
  return folderHolder;
}

const folderHolder = "the owner of the data folder";

/** Under `npm start` the one host that was adopted as it stands is the machine we run on. */
function awaitThisMachine(
  events: FleetEvents,
  inventory: Inventory,
  log: Log,
): { readonly hasReported: () => boolean; readonly hostIds: () => readonly HostId[] } {
  let hasReported = false;
  const hostIds: HostId[] = [];
  const leave = events.subscribe((event) => {
    if (event.kind !== "host-telemetry" || hasReported) return;
    inventory.host(event.hostId).then(
      (host) => {
        if (host?.adopted !== true || host.simulated) return;
        hasReported = true;
        hostIds.push(host.id);
        leave();
      },
      // The next report asks again.
      (error: unknown) => log.warn({ err: error }, "a reporting host could not be looked up"),
    );
  });
  return { hasReported: () => hasReported, hostIds: () => hostIds };
}
