import type { AgentConnection, ConnectionHandlers } from "#fleet/gateway/agent-connection.ts";
import { type AgentGateway, createGateway } from "#fleet/gateway/gateway.ts";
import type { GatewayEffects } from "#fleet/gateway/gateway-effects.ts";
import { type GatewaySettings, gatewayDefaults } from "#fleet/gateway/gateway-settings.ts";
import { createLinkTracker, linkDefaults, type LinkTracker } from "#fleet/gateway/links.ts";
import type { CertificateAuthority } from "#fleet/identity/certificate-authority.ts";
import { createHostIdentity } from "#fleet/identity/create-host-identity.ts";
import type { HostIdentity, PeerIdentity } from "#fleet/identity/host-identity.ts";
import { createInventory } from "#fleet/inventory/create-inventory.ts";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import type { FleetEvent } from "#fleet/inventory/fleet-events.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { ControlStore } from "#fleet/storage/control-store.ts";
import { openTelemetry } from "#fleet/telemetry/open-telemetry.ts";
import type { Telemetry } from "#fleet/telemetry/telemetry.ts";
import { encodeAgentFrame } from "#proto/codec/agent-frames.ts";
import { decodeManagerFrame } from "#proto/codec/manager-frames.ts";
import type { AgentMessage, EnrolRequest, Hello, ManagerMessage } from "#proto/messages/frames.ts";
import type { Report } from "#proto/messages/report.ts";
import { unknownIdentity } from "#proto/messages/state.ts";
import type { BootId, HostId } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { testCell } from "./inventory-builders.ts";
import { createMemoryBlockFolder, type MemoryBlockFolder } from "./memory-block-folder.ts";
import { openMemoryStore } from "./memory-store.ts";
import { sampleDictionary, sampleHello, sampleReport } from "./sample-messages.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { createTestAuthority, createTestPeer, type TestPeer } from "./test-peers.ts";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

/** The gateway's core over the product's own parts, in memory, on virtual time. */
export interface GatewayRig {
  readonly clock: VirtualClock;
  readonly gateway: AgentGateway;
  readonly identity: HostIdentity;
  readonly inventory: Inventory;
  readonly telemetry: Telemetry;
  readonly links: LinkTracker;
  readonly ca: CertificateAuthority;
  readonly folder: MemoryBlockFolder;
  /** As another manager of the cell has it. */
  readonly store: ControlStore;
  readonly events: readonly FleetEvent[];
  /** A machine with a key, enrolled as a host. */
  enrol(name: string): Promise<EnrolledMachine>;
  connect(peer: PeerIdentity, purpose?: AgentConnection["purpose"]): FakeConnection;
  /** Connects, says hello, and answers once the gateway has answered. */
  greet(machine: EnrolledMachine, hello?: Partial<Hello>): Promise<FakeConnection>;
  close(): Promise<void>;
}

export interface EnrolledMachine {
  readonly hostId: HostId;
  readonly key: TestPeer;
  readonly peer: PeerIdentity;
}

/** The agent's end of a connection, which notes all that the gateway does with it. */
export interface FakeConnection {
  readonly received: readonly ManagerMessage[];
  readonly closed: { readonly code: number; readonly detail: string } | null;
  say(message: AgentMessage): void;
  sayBytes(bytes: Uint8Array): void;
  /** The peer is gone. */
  hangUp(): void;
  /** Bytes that the peer does not read. */
  bufferedBytes: number;
  /** The newest message of a kind. */
  last<Kind extends ManagerMessage["kind"]>(
    kind: Kind,
  ): Extract<ManagerMessage, { kind: Kind }> | undefined;
}

export async function createGatewayRig(
  differs: {
    readonly settings?: Partial<GatewaySettings>;
    readonly effects?: (effects: GatewayEffects) => GatewayEffects;
  } = {},
): Promise<GatewayRig> {
  const clock = createVirtualClock();
  const random = createSeededRandom(11);
  const log = silentLog;
  const store = await openMemoryStore(clock);
  const folder = createMemoryBlockFolder();
  const telemetry = await openTelemetry({
    folder,
    clock,
    log,
    config: { reserveBytes: 0, commitSpacingMs: 0 },
  });
  const bus = createEventBus(log);
  const events: FleetEvent[] = [];
  bus.subscribe((event) => events.push(event));
  const inventory = createInventory({
    cell: testCell,
    store: store.inventory,
    clock,
    events: bus,
    log,
  });
  const ca = createTestAuthority(clock);
  const identity = createHostIdentity({
    store: store.identity,
    inventory,
    ca,
    clock,
    random,
    events: bus,
    log,
  });
  const links = createLinkTracker({ clock, events: bus, settings: linkDefaults });
  const effects: GatewayEffects = {
    identity,
    inventory,
    telemetry,
    links,
    // Judged elsewhere: nothing here asks how a host is.
    health: { sessionOpens: async () => {} },
    events: bus,
    term: () => 1,
    clock,
    random,
    log,
    settings: { ...gatewayDefaults, cell: testCell, ...differs.settings },
  };
  const gateway = createGateway(differs.effects?.(effects) ?? effects);

  const connect: GatewayRig["connect"] = (peer, purpose = "agent") =>
    openFakeConnection((connection) => gateway.accept(connection), peer, purpose);

  return {
    clock,
    gateway,
    identity,
    inventory,
    telemetry,
    links,
    ca,
    folder,
    store,
    events,
    connect,
    async enrol(name) {
      const key = createTestPeer();
      const { token } = await identity.createToken({
        kind: "host",
        hostName: name,
        position: null,
        uses: 1,
        validMs: 60_000,
        createdBy: "test",
      });
      const outcome = await identity.enrol(key.shows(), enrolRequest(token));
      if (!outcome.ok || outcome.value.kind !== "issued") throw new Error("not enrolled");
      const [leaf] = outcome.value.chain;
      return { hostId: outcome.value.hostId, key, peer: key.shows(leaf) };
    },
    async greet(machine, hello = {}) {
      const connection = connect(machine.peer);
      connection.say({ kind: "hello", hello: helloOf(machine, hello) });
      await clock.advance(5);
      return connection;
    },
    async close() {
      await Promise.all([gateway.stop(0), clock.advance(10_000)]);
      links.stop();
      await Promise.all([telemetry.close(), clock.advance(10_000)]);
      await store.close();
    },
  };
}

export function helloOf(machine: EnrolledMachine, differs: Partial<Hello> = {}): Hello {
  return {
    ...sampleHello,
    hostId: machine.hostId,
    bootId: bootA,
    dictionary: sampleDictionary.digest,
    ...differs,
  };
}

export const bootA = "b0070000-0000-4000-8000-00000000000a" as BootId;
export const bootB = "b0070000-0000-4000-8000-00000000000b" as BootId;

export function enrolRequest(token: string | null): EnrolRequest {
  return {
    token,
    agentRelease: "0.1.0",
    simulated: false,
    identity: unknownIdentity,
    bootId: bootA,
    wallMs: sampleHello.wallMs,
  };
}

/** A report of the sample dictionary, in sequence. */
export function reportNumber(seq: number): Report {
  return { ...sampleReport, seq, gaps: [] };
}

function openFakeConnection(
  accept: (connection: AgentConnection) => ConnectionHandlers,
  peer: PeerIdentity,
  purpose: AgentConnection["purpose"],
): FakeConnection {
  const received: ManagerMessage[] = [];
  const state: { closed: FakeConnection["closed"]; bufferedBytes: number } = {
    closed: null,
    bufferedBytes: 0,
  };
  // The gateway may close before it has answered with its handlers.
  let handlers: ConnectionHandlers | null = null;
  handlers = accept({
    peer,
    purpose,
    send: (bytes) => {
      if (state.closed !== null) throw new Error("sent after close");
      const decoded = decodeManagerFrame(bytes);
      if (!decoded.ok) throw new Error(`the gateway sent what does not decode: ${decoded.problem}`);
      received.push(decoded.value);
    },
    bufferedBytes: () => state.bufferedBytes,
    close: (code, detail) => {
      state.closed ??= { code, detail };
      handlers?.onClose(code, detail);
    },
  });
  return {
    received,
    get closed() {
      return state.closed;
    },
    say: (message) => handlers?.onMessage(encodeAgentFrame(message)),
    sayBytes: (bytes) => handlers?.onMessage(bytes),
    hangUp: () => {
      state.closed ??= { code: 1006, detail: "" };
      handlers?.onClose(1006, "");
    },
    get bufferedBytes() {
      return state.bufferedBytes;
    },
    set bufferedBytes(bytes) {
      state.bufferedBytes = bytes;
    },
    last: (kind) =>
      received.findLast(
        (message): message is Extract<ManagerMessage, { kind: typeof kind }> =>
          message.kind === kind,
      ),
  };
}
