import { type ApiParts, listManagerRoutes } from "#fleet/api/api.ts";
import { cookieNameOf, createApiServer } from "#fleet/api/api-server.ts";
import { createEventHub } from "#fleet/api/event-hub.ts";
import { createEventRoutes } from "#fleet/api/event-routes.ts";
import { createAudit } from "#fleet/audit/create-audit.ts";
import { startHeadExport } from "#fleet/audit/export-head.ts";
import type { FleetConfig } from "#fleet/config/fleet-config.ts";
import type { CellDoor } from "#fleet/federation/cell-door.ts";
import { federateRoutes } from "#fleet/federation/federated-routes.ts";
import { createFederation } from "#fleet/federation/federation.ts";
import { createFederationMetrics } from "#fleet/federation/federation-metrics.ts";
import { FederationError, openCells } from "#fleet/federation/open-cells.ts";
import { createPeople } from "#fleet/identity/create-people.ts";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import type { FleetEffects } from "#fleet/startup/fleet-effects.ts";
import { leaveCliFile } from "#fleet/startup/leave-cli-file.ts";
import { ListenError } from "#fleet/startup/listen.ts";
import { createArgon2Passwords } from "#fleet/storage/argon2-passwords.ts";
import { createAuditHeadsFile } from "#fleet/storage/audit-heads-file.ts";
import { claimDataFolder } from "#fleet/storage/claim-data-folder.ts";
import { openControlStore } from "#fleet/storage/control-store.ts";
import { createKeptCellsFile } from "#fleet/storage/kept-cells-file.ts";
import { StoreError } from "#fleet/storage/store-error.ts";
import { createStoreKeeper } from "#fleet/storage/store-keeper.ts";
import type { CellId } from "#proto/vocabulary/ids.ts";

/** What a federation asks of the world beside what any manager does. */
export interface FederationEffects
  extends Omit<FleetEffects, "fetch" | "readSecret" | "readPublic"> {
  readonly cells: readonly {
    readonly url: string;
    readonly name: string | null;
    readonly door: CellDoor & { close(): void };
  }[];
}

export interface RunningFederation {
  /** Where people connect. */
  readonly url: string;
  stop(): Promise<void>;
}

/** No cell can have this name: a store of people and sessions is no store of a cell, nor the reverse. */
const ownerOfStore = ".federation" as CellId;

/**
 * A read-only view over several cells: people sign in here, and everything else is asked of the
 * cells. No listener of agents, no lifecycle, no way to change anything in a cell. What was opened is
 * closed again when a later step fails. Throws StoreError, ListenError, FederationError.
 */
export async function startFederation(
  config: FleetConfig,
  effects: FederationEffects,
): Promise<RunningFederation> {
  const { log } = effects;
  const closers: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) {
      try {
        await closer();
      } catch (error) {
        log.error({ err: error }, "a part of the federation did not stop cleanly");
      }
    }
  };
  try {
    const url = await open(config, effects, (closer) => closers.push(closer));
    return { url, stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

async function open(
  config: FleetConfig,
  effects: FederationEffects,
  onStop: (closer: () => Promise<void> | void) => void,
): Promise<string> {
  const { clock, random, log, release } = effects;
  const { dataFolder } = config;
  const folder = claimDataFolder(dataFolder, { pid: effects.pid, release });
  onStop(folder.release);
  const store = await openControlStore(
    { sqlite: `${dataFolder}/control.sqlite` },
    { clock, random, log, release, cell: ownerOfStore },
  ).catch((cause: unknown) => {
    throw isOfCell(cause) ? new FederationError(ofCellWords(dataFolder), { cause }) : cause;
  });
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
  const people = createPeople({
    store: store.identity,
    users: store.people,
    passwords: createArgon2Passwords(),
    welcomesNewcomers: config.profile === "lab",
    clock,
    random,
    log,
  });
  const events = createEventBus(log);
  const cells = openCells({
    cells: effects.cells,
    kept: createKeptCellsFile(dataFolder, log),
    events,
    clock,
    random,
    log: log.child({ component: "federation" }),
  });
  onStop(cells.stop);
  const federation = createFederation(cells.watches, { clock });
  await cells.lookFirst();

  const settings = {
    address: config.console.address,
    port: config.console.port,
    tls: effects.consoleTls,
    names: config.console.names,
  };
  const hub = createEventHub({ events, clock, run: clock.nowUnixMs().toString(36) });
  const streams = createEventRoutes({
    hub,
    clock,
    people,
    inventory: { resolve: async (name) => federation.findKept(name)[0]?.host },
    cookieName: cookieNameOf(settings),
  });
  const unwatchPeople = people.onRevoked(streams.endRevoked);
  const metrics = createFederationMetrics({ federation, streams: streams.count, release });
  const own = {
    people,
    audit,
    settings,
    clock,
    log: log.child({ component: "api" }),
    release,
    consoleFolder: effects.consoleFolder,
    ready: () => ({ isReady: true, waitingFor: [] }),
    store: createStoreKeeper({ dataFolder, store, clock, checkMore: async () => [] }),
    inventory: { resolve: async () => undefined },
  };
  const api = createApiServer({
    ...own,
    metrics,
    routes: ({ app, limits }) =>
      federateRoutes(
        // What a federation has none of is touched by those handlers alone that it replaces.
        listManagerRoutes(own as unknown as ApiParts, {
          app,
          limits,
          streams,
          views: { of: notHere, all: notHere },
          writeMetrics: metrics.write,
          startedMs: clock.nowUnixMs(),
        }),
        { federation, clock },
      ),
    onListening: metrics.watchProcess,
    onClose() {
      streams.endAll("the federation is stopping");
      unwatchPeople();
      hub.close();
    },
  });
  onStop(() => api.close());
  const { address, port } = settings;
  const url = await api.listen().catch((cause: unknown) => {
    throw new ListenError("the console", address, port, cause);
  });
  await leaveCliFile(dataFolder, url, people);
  cells.start();
  log.info({ url, cells: effects.cells.length, release }, "federation listens");
  return url;
}

function isOfCell(cause: unknown): boolean {
  return cause instanceof StoreError && cause.code === "STORE_OTHER_CELL";
}

function ofCellWords(dataFolder: string): string {
  return `the data folder ${dataFolder} is a cell's own: give the federation another one (WWS_DATA, or data in the configuration)`;
}

function notHere(): never {
  throw new Error("a federation has no hosts of its own");
}
