import type { CertificateAuthority } from "#fleet/identity/certificate-authority.ts";
import { createHostIdentity } from "#fleet/identity/create-host-identity.ts";
import type { HostIdentity, TokenRequest } from "#fleet/identity/host-identity.ts";
import { createInventory } from "#fleet/inventory/create-inventory.ts";
import { createEstateDesk, type EstateDesk } from "#fleet/inventory/estate/estate-desk.ts";
import type { FleetEvent } from "#fleet/inventory/fleet-events.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { ControlStore } from "#fleet/storage/control-store.ts";
import type { EnrolRequest } from "#proto/messages/frames.ts";
import { unknownIdentity } from "#proto/messages/state.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { BootId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { type CapturedLog, createCapturedLog } from "./captured-log.ts";
import { testCell } from "./inventory-builders.ts";
import { openMemoryStore } from "./memory-store.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { createTestAuthority } from "./test-peers.ts";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

/** Identity and inventory as in production, over the real store in memory. */
export interface IdentityWorld {
  readonly clock: VirtualClock;
  readonly store: ControlStore;
  readonly ca: CertificateAuthority;
  readonly inventory: Inventory;
  readonly identity: HostIdentity;
  /** Plans hosts by a file. */
  readonly estate: EstateDesk;
  readonly events: readonly FleetEvent[];
  readonly log: CapturedLog;
  /** The same store after a restart of the manager, perhaps with another clock. */
  restarted(clock?: Clock): HostIdentity;
  token(request?: Partial<TokenRequest>): Promise<string>;
}

export async function createIdentityWorld(): Promise<IdentityWorld> {
  const clock = createVirtualClock();
  const store = await openMemoryStore(clock);
  const ca = createTestAuthority(clock);
  const log = createCapturedLog();
  const events: FleetEvent[] = [];
  const random = createSeededRandom(11);
  const start = (at: Clock) => {
    const inventory = createInventory({
      cell: testCell,
      store: store.inventory,
      clock: at,
      events: { publish: (event) => events.push(event), subscribe: () => () => {} },
      log,
    });
    const identity = createHostIdentity({
      store: store.identity,
      inventory,
      ca,
      clock: at,
      random,
      events: { publish: (event) => events.push(event), subscribe: () => () => {} },
      log,
    });
    return { inventory, identity };
  };
  const { inventory, identity } = start(clock);
  return {
    clock,
    store,
    ca,
    inventory,
    identity,
    estate: createEstateDesk({
      cell: testCell,
      inventory,
      clock,
      random,
      log,
      wattsOf: () => null,
    }),
    events,
    log,
    restarted: (at = clock) => start(at).identity,
    async token(request = {}) {
      const created = await identity.createToken({
        kind: "host",
        hostName: null,
        position: null,
        uses: 1,
        validMs: 3_600_000,
        createdBy: "ada",
        ...request,
      });
      return created.token;
    },
  };
}

/** What an agent says at the enrolment door. */
export function enrolRequest(
  token: string | null,
  facts: Partial<EnrolRequest> = {},
): EnrolRequest {
  return {
    token,
    agentRelease: "0.1.0",
    simulated: false,
    identity: unknownIdentity,
    bootId: "boot-1" as BootId,
    wallMs: unixMs(0),
    ...facts,
  };
}
