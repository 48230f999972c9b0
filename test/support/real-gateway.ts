import { createGateway } from "#fleet/gateway/gateway.ts";
import { gatewayDefaults } from "#fleet/gateway/gateway-settings.ts";
import { createHostOrders } from "#fleet/gateway/host-orders.ts";
import { createLinkTracker, linkDefaults } from "#fleet/gateway/links.ts";
import { listenerDefaults, startAgentListener } from "#fleet/gateway/ws-listener.ts";
import type { HostPort } from "#fleet/executor/host-port.ts";
import { createHostIdentity } from "#fleet/identity/create-host-identity.ts";
import { createInventory } from "#fleet/inventory/create-inventory.ts";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import { openTelemetry } from "#fleet/telemetry/open-telemetry.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { testCell } from "./inventory-builders.ts";
import { createMemoryBlockFolder } from "./memory-block-folder.ts";
import { openMemoryStore } from "./memory-store.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { systemClock } from "./system-clock.ts";
import { createTestAuthority, newKeyPem } from "./test-peers.ts";

/** A gateway behind a real TLS socket on loopback, and what it needs, in this process. */
export interface RealGateway {
  readonly port: number;
  readonly orders: HostPort;
  token(hostName: string): Promise<string>;
  /** undefined: no host of that name has joined. */
  hostId(hostName: string): Promise<HostId | undefined>;
  isLive(hostId: HostId): boolean;
  close(): Promise<void>;
}

export async function startRealGateway(): Promise<RealGateway> {
  const clock = systemClock;
  const random = createSeededRandom(5);
  const log = silentLog;
  const store = await openMemoryStore(clock);
  const config = { reserveBytes: 0, commitSpacingMs: 0 };
  const telemetry = await openTelemetry({ folder: createMemoryBlockFolder(), clock, log, config });
  const events = createEventBus(log);
  const shared = { clock, random, events, log };
  const inventory = createInventory({ ...shared, cell: testCell, store: store.inventory });
  const ca = createTestAuthority(clock);
  const identity = createHostIdentity({ ...shared, store: store.identity, inventory, ca });
  const links = createLinkTracker({ clock, events, settings: linkDefaults });
  const gateway = createGateway({
    ...shared,
    identity,
    inventory,
    telemetry,
    links,
    // Judged elsewhere: nothing here asks how a host is.
    health: { sessionOpens: async () => {} },
    term: () => 1,
    settings: { ...gatewayDefaults, cell: testCell },
  });
  const listener = await startAgentListener({
    gateway,
    tls: ca.issueListener(newKeyPem(), ["localhost", "127.0.0.1"]),
    clock,
    random,
    log,
    settings: { ...listenerDefaults, host: "127.0.0.1", port: 0 },
  });
  return {
    port: listener.port,
    orders: createHostOrders(gateway),
    token: async (hostName) => {
      const { token } = await identity.createToken({
        kind: "host",
        hostName,
        position: null,
        uses: 1,
        validMs: 600_000,
        createdBy: "test",
      });
      return token;
    },
    hostId: async (hostName) => (await inventory.hosts()).find(({ name }) => name === hostName)?.id,
    isLive: (hostId) => links.view(hostId).sessionId !== null,
    close: async () => {
      await listener.stop(200);
      links.stop();
      await telemetry.close();
      await store.close();
    },
  };
}
