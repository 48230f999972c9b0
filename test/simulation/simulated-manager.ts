import { createHash, X509Certificate } from "node:crypto";
import type { AgentConnection } from "#fleet/gateway/agent-connection.ts";
import { type AgentGateway, createGateway } from "#fleet/gateway/gateway.ts";
import { gatewayDefaults } from "#fleet/gateway/gateway-settings.ts";
import { createLinkTracker, type LinkTracker, linkDefaults } from "#fleet/gateway/links.ts";
import {
  type AuthorityMaterial,
  createCertificateAuthority,
} from "#fleet/identity/certificate-authority.ts";
import { createHostIdentity } from "#fleet/identity/create-host-identity.ts";
import type { HostIdentity } from "#fleet/identity/host-identity.ts";
import { createInventory } from "#fleet/inventory/create-inventory.ts";
import type { FleetEvent, FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import { newPrivateKeyPem } from "#fleet/storage/authority-file.ts";
import type { ControlStore } from "#fleet/storage/control-store.ts";
import { openTelemetry } from "#fleet/telemetry/open-telemetry.ts";
import type { Telemetry } from "#fleet/telemetry/telemetry.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { CellId, KeyFingerprint } from "#proto/vocabulary/ids.ts";
import { type Log, silentLog } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { MemoryBlockFolder } from "#test/support/memory-block-folder.ts";
import type { MemoryPeer, MemoryPeerHandlers } from "#test/support/memory-link.ts";

/** What a manager keeps when its process dies: its disk. */
export interface ManagerDisk {
  readonly control: ControlStore;
  folder: MemoryBlockFolder;
  authority: AuthorityMaterial | null;
}

export interface SimulatedManager {
  readonly identity: HostIdentity;
  readonly inventory: Inventory;
  readonly telemetry: Telemetry;
  readonly links: LinkTracker;
  readonly gateway: AgentGateway;
  accept(peer: MemoryPeer): MemoryPeerHandlers;
}

/** Puts something else in the place of a part, to see whether the invariants notice. */
export interface PlantedBug {
  readonly telemetry?: (telemetry: Telemetry) => Telemetry;
  readonly onEvent?: (
    event: FleetEvent,
    manager: { inventory: Inventory },
    disk: ManagerDisk,
  ) => void;
}

export const simulatedCell = "sim" as CellId;

/**
 * The product's own manager core over a disk: gateway, identity, inventory, telemetry, links.
 * Everything but sockets and the HTTP API is what `wws-fleet serve` runs.
 */
export async function startSimulatedManager(
  disk: ManagerDisk,
  effects: { readonly clock: Clock; readonly random: Random; readonly log?: Log },
  bug: PlantedBug = {},
): Promise<SimulatedManager> {
  const { clock, random } = effects;
  const log = effects.log ?? silentLog;
  const events = createEvents();
  const opened = await openTelemetry({
    folder: disk.folder,
    clock,
    log,
    config: { segmentMsMax: 120_000, reserveBytes: 0 },
  });
  const telemetry = bug.telemetry?.(opened) ?? opened;
  const inventory = createInventory({
    cell: simulatedCell,
    store: disk.control.inventory,
    clock,
    events,
    log,
  });
  const ca = createCertificateAuthority({
    cell: simulatedCell,
    file: {
      read: () => disk.authority,
      write: (material) => {
        disk.authority = material;
      },
    },
    newPrivateKeyPem,
    clock,
    random,
  });
  const identity = createHostIdentity({
    store: disk.control.identity,
    inventory,
    ca,
    clock,
    random,
    events,
    log,
  });
  const links = createLinkTracker({ clock, events, settings: linkDefaults });
  for (const { id } of await inventory.hosts()) {
    const latest = telemetry.latest(id);
    if (latest !== undefined) links.remember(id, latest.receivedMs);
  }
  const gateway = createGateway({
    identity,
    inventory,
    telemetry,
    links,
    // Judged elsewhere: nothing here asks how a host is.
    health: { sessionOpens: async () => {} },
    events,
    term: () => 1,
    clock,
    random,
    log,
    settings: { ...gatewayDefaults, cell: simulatedCell },
  });
  events.subscribe((event) => bug.onEvent?.(event, { inventory }, disk));
  return {
    identity,
    inventory,
    telemetry,
    links,
    gateway,
    accept: (peer) => gateway.accept(toConnection(peer)),
  };
}

/** The wire of the simulation stands for TLS: what the peer shows is what it has. */
function toConnection(peer: MemoryPeer): AgentConnection {
  const certificate = new X509Certificate(peer.target.credentials.certificateChainPem);
  const spki = certificate.publicKey.export({ type: "spki", format: "der" });
  return {
    peer: {
      certificate: certificate.raw,
      fingerprint: createHash("sha256").update(spki).digest("hex") as KeyFingerprint,
      address: "192.0.2.1",
    },
    purpose: peer.target.url.endsWith("/enrol") ? "enrol" : "agent",
    send: (bytes) => peer.send(bytes),
    bufferedBytes: () => peer.bufferedBytes(),
    close: (code, detail) => peer.close(code, detail),
  };
}

function createEvents(): FleetEvents {
  const listeners = new Set<(event: FleetEvent) => void>();
  return {
    publish: (event) => {
      for (const listener of listeners) listener(event);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
