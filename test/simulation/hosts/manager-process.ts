import { createHash, X509Certificate } from "node:crypto";
import type { AgentConnection } from "#fleet/gateway/agent-connection.ts";
import { createGateway } from "#fleet/gateway/gateway.ts";
import { gatewayDefaults } from "#fleet/gateway/gateway-settings.ts";
import { createHostOrders } from "#fleet/gateway/host-orders.ts";
import { createLinkTracker, type LinkTracker, linkDefaults } from "#fleet/gateway/links.ts";
import type { HealthReader } from "#fleet/health/health-reader.ts";
import {
  type AuthorityMaterial,
  createCertificateAuthority,
} from "#fleet/identity/certificate-authority.ts";
import { createHostIdentity } from "#fleet/identity/create-host-identity.ts";
import type { HostIdentity } from "#fleet/identity/host-identity.ts";
import { createInventory } from "#fleet/inventory/create-inventory.ts";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { PlanPolicy } from "#fleet/lifecycle/plans/plan-policy.ts";
import { type Life, openLife } from "#fleet/life/start-life.ts";
import { newPrivateKeyPem } from "#fleet/storage/authority-file.ts";
import type { ControlStore } from "#fleet/storage/control-store.ts";
import { openTelemetry } from "#fleet/telemetry/open-telemetry.ts";
import type { Telemetry } from "#fleet/telemetry/telemetry.ts";
import type { HostId, KeyFingerprint } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { HostOrder } from "#proto/messages/orders.ts";
import type { MemoryBlockFolder } from "#test/support/memory-block-folder.ts";
import type { MemoryPeer, MemoryPeerHandlers } from "#test/support/memory-link.ts";
import { simulatedCell } from "./cell-store.ts";
import type { ProcessLife } from "./process-life.ts";
import { thinned } from "./thinned.ts";

/** One running manager: the product's own core, but for sockets, the API and health. */
export interface ManagerProcess {
  /** Another one for each process: `A3`. */
  readonly name: string;
  readonly process: ProcessLife;
  readonly identity: HostIdentity;
  readonly inventory: Inventory;
  readonly telemetry: Telemetry;
  readonly links: LinkTracker;
  readonly events: FleetEvents;
  readonly life: Life;
  readonly accept: (peer: MemoryPeer) => MemoryPeerHandlers;
}

export async function startManagerProcess(parts: {
  readonly name: string;
  readonly process: ProcessLife;
  /** As this process sees it. */
  readonly store: ControlStore;
  readonly folder: MemoryBlockFolder;
  readonly authority: {
    readonly read: () => AuthorityMaterial | null;
    readonly write: (material: AuthorityMaterial) => void;
  };
  readonly random: Random;
  readonly log: Log;
  readonly health: HealthReader;
  readonly policy: PlanPolicy;
  readonly failPoint: (name: string) => void;
  /**
   * A sign of life of the host with this name came to this machine. Whether it is one; `isToldBefore`:
   * it was one then, and the process hears it only now, so little later that it cannot know.
   */
  readonly onHeard: (host: string, isToldBefore: boolean) => boolean;
  readonly onOrder: (hostId: HostId, order: HostOrder, term: number) => void;
}): Promise<ManagerProcess> {
  const { name, process, store, random, log, health } = parts;
  const { clock } = process;
  const events = createEventBus(log);
  const telemetry = await openTelemetry({
    folder: parts.folder,
    clock,
    log,
    config: { segmentMsMax: 3_600_000, reserveBytes: 0 },
  });
  const inventory = createInventory({
    cell: simulatedCell,
    store: store.inventory,
    clock,
    events,
    log,
    lastReportMs: (id) => telemetry.latest(id)?.receivedMs ?? null,
  });
  const ca = createCertificateAuthority({
    cell: simulatedCell,
    file: parts.authority,
    newPrivateKeyPem,
    clock,
    random,
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
  const links = createLinkTracker({ clock, events, settings: linkDefaults });
  for (const { id } of await inventory.hosts()) {
    const heardMs = telemetry.latest(id)?.receivedMs;
    if (heardMs !== undefined) links.remember(id, heardMs);
  }
  let life: Life | undefined;
  const gateway = createGateway({
    identity,
    inventory,
    telemetry,
    links,
    health: { sessionOpens: async () => {} },
    events,
    term: () => life?.term() ?? 0,
    onTerm: (hostId, term) => life?.safeMode.told(hostId, term),
    clock,
    random,
    log,
    settings: {
      ...gatewayDefaults,
      cell: simulatedCell,
      stepMs: thinned.stepMs,
      simulatedReportIntervalMs: thinned.reportIntervalMs,
    },
  });
  const hosts = createHostOrders(gateway);
  life = await openLife({
    store,
    inventory,
    telemetry,
    links,
    health,
    hosts: {
      ...hosts,
      order: (hostId, order, validMs) => {
        parts.onOrder(hostId, order, life?.term() ?? 0);
        return hosts.order(hostId, order, validMs);
      },
    },
    notify: { tell: async () => ({ isDelivered: true, detail: "the tenant's hook answered 204" }) },
    events,
    clock,
    random,
    log,
    holder: name,
    policy: parts.policy,
    management: () => new Set(),
    failPoint: parts.failPoint,
  });
  await life.start();
  return {
    name,
    process,
    identity,
    inventory,
    telemetry,
    links,
    events,
    life,
    accept: (peer) => acceptInto(process, peer, gateway.accept, parts.onHeard),
  };
}

/** A manager that stood still for no longer than a heartbeat does not notice it (LIFECYCLE section 8). */
const heartbeatMs = 10_000;

/** A paused process hears later what its sockets took meanwhile; one that is gone, never. */
function acceptInto(
  process: ProcessLife,
  peer: MemoryPeer,
  accept: (connection: AgentConnection) => MemoryPeerHandlers,
  onHeard: (host: string, isToldBefore: boolean) => boolean,
): MemoryPeerHandlers {
  let handlers: MemoryPeerHandlers | null = null;
  process.enter(() => {
    handlers = accept(toConnection(process, peer));
  });
  return {
    onMessage(bytes) {
      if (process.isOver()) return;
      const cameAt = process.clock.nowMonotonicMs();
      const isHeard = onHeard(peer.agent, false);
      process.enter(() => {
        const waitedMs = process.clock.nowMonotonicMs() - cameAt;
        if (isHeard && waitedMs > 0 && waitedMs <= heartbeatMs) onHeard(peer.agent, true);
        handlers?.onMessage(bytes);
      });
    },
    onClose: (code, detail) => process.enter(() => handlers?.onClose(code, detail)),
  };
}

/** The wire of the simulation stands for TLS: what the peer shows is what it has. */
function toConnection(process: ProcessLife, peer: MemoryPeer): AgentConnection {
  const certificate = new X509Certificate(peer.target.credentials.certificateChainPem);
  const spki = certificate.publicKey.export({ type: "spki", format: "der" });
  return {
    peer: {
      certificate: certificate.raw,
      fingerprint: createHash("sha256").update(spki).digest("hex") as KeyFingerprint,
      address: "192.0.2.1",
    },
    purpose: peer.target.url.endsWith("/enrol") ? "enrol" : "agent",
    send: (bytes) => void (process.isOver() || peer.send(bytes)),
    bufferedBytes: () => peer.bufferedBytes(),
    close: (code, detail) => peer.close(code, detail),
  };
}
