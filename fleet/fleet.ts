import { join } from "node:path";
import { createApi } from "#fleet/api/api.ts";
import type { Ready } from "#fleet/api/manager-schemas.ts";
import type { FleetConfig } from "#fleet/config/fleet-config.ts";
import { dropLostHeads } from "#fleet/audit/export-head.ts";
import { createGateway } from "#fleet/gateway/gateway.ts";
import { createHostOrders } from "#fleet/gateway/host-orders.ts";
import { gatewayDefaults } from "#fleet/gateway/gateway-settings.ts";
import { createLinkTracker, linkDefaults } from "#fleet/gateway/links.ts";
import { createHostHealth } from "#fleet/health/host-health.ts";
import { createCertificateAuthority } from "#fleet/identity/certificate-authority.ts";
import { createHostIdentity } from "#fleet/identity/create-host-identity.ts";
import { createPeople } from "#fleet/identity/create-people.ts";
import { createInventory } from "#fleet/inventory/create-inventory.ts";
import { createEstateDesk } from "#fleet/inventory/estate/estate-desk.ts";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import { awaitThisMachine } from "#fleet/startup/await-this-machine.ts";
import type { FleetEffects } from "#fleet/startup/fleet-effects.ts";
import { holderOf } from "#fleet/startup/holder-of.ts";
import { leaveCliFile } from "#fleet/startup/leave-cli-file.ts";
import { listenForAgents, listenForPeople } from "#fleet/startup/listen.ts";
import { openStores } from "#fleet/startup/open-stores.ts";
import { createArgon2Passwords } from "#fleet/storage/argon2-passwords.ts";
import { readReportSelector } from "#fleet/api/report-selection.ts";
import { openReports } from "#fleet/reports/open-reports.ts";
import { createReportFolder } from "#fleet/storage/report-folder-files.ts";
import { openAlerts } from "#fleet/life/open-alerts.ts";
import { policyOf } from "#fleet/life/life-policy.ts";
import { type Life, openLife } from "#fleet/life/start-life.ts";
import { createTenantNotices } from "#fleet/life/tenant-notices.ts";
import { createAuthorityFile, newPrivateKeyPem } from "#fleet/storage/authority-file.ts";
import { claimDataFolder } from "#fleet/storage/claim-data-folder.ts";
import { createFreezeFile } from "#fleet/storage/freeze-file.ts";
import { createStoreKeeper } from "#fleet/storage/store-keeper.ts";
import { checkTelemetry } from "#fleet/telemetry/check-telemetry.ts";

export interface Fleet {
  /** Where people connect: `http://127.0.0.1:7600`. */
  readonly url: string;
  readonly agentsPort: number;
  ready(): Ready;
  /** Agents are told to come back, what was acknowledged is on disk, the data folder is free. */
  stop(): Promise<void>;
}

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
  const { store, auditParts, audit, blocks, telemetry } = await openStores(config, effects, onStop);

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
