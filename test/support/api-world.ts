import { type Api, type ApiParts, createApi } from "#fleet/api/api.ts";
import { createInventory } from "#fleet/inventory/create-inventory.ts";
import type { FleetEvent, FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { NewHost } from "#fleet/inventory/inventory.ts";
import type { LinkView } from "#fleet/inventory/links.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf, testCell } from "./inventory-builders.ts";
import { createMemoryIdentity, type MemoryIdentity } from "./memory-identity.ts";
import { createMemoryPeople } from "./memory-people.ts";
import { openMemoryStore } from "./memory-store.ts";
import { createMemoryTelemetry, type MemoryTelemetry } from "./memory-telemetry.ts";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

/** The API over a real inventory on SQLite in memory; time stands still unless it is moved. */
export interface ApiWorld {
  readonly api: Api;
  readonly clock: VirtualClock;
  readonly parts: ApiParts;
  readonly telemetry: MemoryTelemetry;
  readonly identity: MemoryIdentity;
  /** An API token's secret. */
  readonly token: string;
  /** Adds an active host called `host-N`, connected since the start. */
  addHost(number: number, facts?: Partial<NewHost>): Promise<HostId>;
  setLink(hostId: HostId, link: Partial<LinkView>): void;
  /** GET as the token's owner; the parsed answer. */
  get(path: string): Promise<{ readonly status: number; readonly body: unknown }>;
  close(): Promise<void>;
}

export async function createApiWorld(differs: Partial<ApiParts> = {}): Promise<ApiWorld> {
  const clock = createVirtualClock();
  const events = createTestEvents();
  const store = await openMemoryStore(clock);
  const inventory = createInventory({
    cell: testCell,
    store: store.inventory,
    clock,
    events,
    log: silentLog,
  });
  const telemetry = createMemoryTelemetry();
  const people = createMemoryPeople(clock);
  const identity = createMemoryIdentity({ clock, inventory });
  const linkOf = new Map<HostId, LinkView>();
  const parts: ApiParts = {
    inventory,
    links: { view: (hostId) => linkOf.get(hostId) ?? unheard },
    telemetry,
    identity,
    people,
    events,
    store: {
      check: async () => ({
        isSound: true,
        checks: [{ what: "control store", isSound: true, detail: "integrity_check ok" }],
      }),
      backup: async () => ({ folder: "/data/backup-1", files: 3, bytes: 4096 }),
    },
    clock,
    log: silentLog,
    settings: { address: "127.0.0.1", port: 0, tls: null, names: [] },
    ready: () => ({ isReady: true, waitingFor: [] }),
    release: "0.1.0",
    consoleFolder: "/nowhere/console",
    ...differs,
  };
  const api = createApi(parts);
  const { secret: token } = await people.createApiToken("tester", 86_400_000);
  const setLink = (hostId: HostId, link: Partial<LinkView>): void => {
    linkOf.set(hostId, { ...unheard, ...link });
  };
  return {
    api,
    clock,
    parts,
    telemetry,
    identity,
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
        serial: null,
        ...facts,
      });
      if (!added.ok) throw new Error(JSON.stringify(added.problem));
      const nowMs = clock.nowUnixMs();
      setLink(added.value.id, {
        state: "connected",
        sinceMs: nowMs,
        lastHeardMs: nowMs,
        clockOffsetMs: 12,
      });
      return added.value.id;
    },
    async get(path) {
      const answer = await api.inject({ url: path, headers: asToken(token) });
      return { status: answer.statusCode, body: parseBody(answer.body) };
    },
    async close() {
      await api.close();
      await store.close();
    },
  };
}

export function asToken(token: string): { host: string; authorization: string } {
  return { host: "127.0.0.1:7600", authorization: `Bearer ${token}` };
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

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Points one second apart that end before `untilMs`. */
export function secondsUntil(
  untilMs: number,
  values: readonly number[],
): readonly (readonly [number, number])[] {
  const startMs = Math.floor(untilMs / 1_000) * 1_000 - values.length * 1_000;
  return values.map((value, index) => [unixMs(startMs + index * 1_000), value]);
}
