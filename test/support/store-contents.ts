import { newHostMemory, packMemory } from "#fleet/health/host-memory.ts";
import type { ControlStore } from "#fleet/storage/control-store.ts";
import { unknownProfile } from "#fleet/inventory/hardware-profile.ts";
import { unknownComponent, unknownIdentity } from "#proto/messages/state.ts";
import type { BootId, KeyFingerprint, PendingId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import {
  auditEntry,
  holdRecord,
  leaseRecord,
  operationRecord,
  planIdOf,
  planRecord,
  tenantRecord,
} from "./life-builders.ts";
import { virtualStartMs } from "./virtual-clock.ts";
import { hostIdOf, hostRecord, hostState, positionOf, testCell } from "./inventory-builders.ts";

const keyOf = (number: number) => String(number).padStart(64, "0") as KeyFingerprint;

/** Puts something into every table of an empty store. */
export async function fillStore(store: ControlStore): Promise<void> {
  const { inventory, identity, health } = store;
  await inventory.upsertSite({
    code: "fra2",
    region: "eu",
    timeZone: "Europe/Berlin",
    cell: testCell,
    windows: [],
  });
  await inventory.upsertRack({
    id: "fra2/row-b/rack-07",
    region: "eu",
    site: "fra2",
    row: "row-b",
    rack: "rack-07",
    heightUnits: 42,
    feeds: [],
  });
  const position = positionOf("eu/fra2/row-b/rack-07/u12");
  await inventory.insertHost(
    hostRecord(1, { position, bootId: "boot" as BootId, serial: "Ünï'\"\n\t\\", revision: 7 }),
  );
  await inventory.insertHost(hostRecord(2, { simulated: true, adopted: true }));
  await inventory.insertHost(hostRecord(3));
  await inventory.removeHost(hostIdOf(3));
  await inventory.writeState(hostIdOf(1), hostState({ revision: 4 }, { hostname: "web-1 'x'\n" }));
  const disk = { ...unknownComponent, kind: "disk", slot: "sda", serial: "S'1" } as const;
  const known = { key: "disk:s'1", component: disk, firstSeenMs: unixMs(1_000), goneMs: null };
  await inventory.writeComponents(
    hostIdOf(1),
    [known],
    [{ atMs: unixMs(1_000), bootId: "boot" as BootId, change: { kind: "added", component: disk } }],
  );
  const profile = { ...unknownProfile, disks: { "ssd 1.92 TB": 1 } };
  await inventory.writeHardwareProfile("1x-class", profile, unixMs(1_000));
  await health.write([
    {
      hostId: hostIdOf(1),
      memory: packMemory(newHostMemory()),
      events: [
        {
          id: "0193-event",
          hostId: hostIdOf(1),
          atMs: unixMs(1_000),
          what: {
            kind: "reboot",
            reboot: {
              bootedMs: 900,
              noticedMs: 1_000,
              bootId: "boot",
              previousBootId: "boot-0",
              cause: "unknown",
              confidence: "possible",
              because: ["no samples of the boot before"],
            },
          },
        },
      ],
    },
  ]);
  await identity.insertToken({
    id: "token-1",
    kind: "host",
    secretSha256: "a".repeat(64),
    hostId: hostIdOf(9),
    hostName: "web-9",
    position: { ...position, unit: 13 },
    usesLeft: 1,
    usedBy: null,
    site: null,
    adopts: false,
    rule: null,
    expiresMs: unixMs(2_000),
    createdMs: unixMs(1_000),
    createdBy: "ada",
  });
  for (const number of [1, 2])
    await identity.pinKey({
      fingerprint: keyOf(number),
      hostId: hostIdOf(number),
      generation: 1,
      pinnedMs: unixMs(1_000),
    });
  await identity.unpinHost(hostIdOf(2), unixMs(1_500));
  await identity.upsertPending({
    id: "pending-1" as PendingId,
    fingerprint: keyOf(4),
    address: "2001:db8::1",
    identity: { ...unknownIdentity, hostname: "waits" },
    simulated: false,
    firstSeenMs: unixMs(1_000),
    lastSeenMs: unixMs(1_200),
    tokenId: null,
  });
  await identity.insertSecret({
    secretSha256: "b".repeat(64),
    kind: "api-token",
    name: "ci",
    createdMs: unixMs(1_000),
    expiresMs: unixMs(Number.MAX_SAFE_INTEGER),
    lastUsedMs: unixMs(1_000),
    owner: "ada",
    grants: [{ role: "operator", scope: "site=fra2" }],
  });
  const ada = {
    name: "ada",
    displayName: "Ada L.",
    kind: "person",
    isDisabled: false,
    grants: [{ role: "security", scope: "all" }],
    passwordHash: "$argon2id$…",
    createdMs: unixMs(1_000),
    version: 1,
  } as const;
  const audit = {
    by: { name: "root", reason: "the first" },
    atMs: unixMs(1_000),
    action: "user.add",
    facts: {},
  };
  await store.people.writeUser(ada, 0, { isEnding: false, audit });
  await fillLife(store);
}

/** An operation of a plan on host 1, what a tenant has on host 2, and who leads. */
async function fillLife({ inventory, lifecycle, leader }: ControlStore): Promise<void> {
  const host = await inventory.findHost(hostIdOf(1));
  if (host === undefined) throw new Error("host 1 is not there");
  const { id, kind, step } = operationRecord(1);
  const op = { id, kind, step, epoch: 1, deadlineMs: null, isPaused: false };
  const { term } = await leader.lead({ holder: "m1", nowMs: unixMs(1), untilMs: unixMs(2) });
  const lease = leaseRecord(1, { hostId: hostIdOf(2) });
  const hold = { hostId: hostIdOf(2), kind: "tenant", leaseId: lease.id } as const;
  const done = await lifecycle.commit({
    hosts: [
      {
        record: { ...host, op, epoch: 1, revision: host.revision + 1 },
        expectedRevision: host.revision,
      },
    ],
    operations: [
      { record: operationRecord(1, { planId: planIdOf(1) }), expectedVersion: 0 },
      {
        record: operationRecord(2, { status: "done", endedMs: unixMs(virtualStartMs + 7) }),
        expectedVersion: 0,
      },
    ],
    plans: [{ record: planRecord(1, { status: "applying" }), expectedVersion: 0 }],
    tenants: [{ record: tenantRecord(1), expectedVersion: 0 }],
    leases: [{ record: lease, expectedVersion: 0 }],
    holdsAdded: [holdRecord(1), holdRecord(2, hold)],
    term,
    audit: auditEntry("operation.start"),
  });
  if (!done.ok) throw new Error(JSON.stringify(done.problem));
  const more = { holdsAdded: [holdRecord(3)], term, audit: auditEntry("hold.add") };
  await lifecycle.commit(more);
}

/** What `fillStore` put into the tables of the lifecycle. */
export async function readLife({ lifecycle, audit }: ControlStore) {
  const page = { before: null, limit: 99 };
  return {
    operations: await lifecycle.listOperations(page),
    plans: await lifecycle.listPlans(page),
    holds: await lifecycle.listHolds(),
    tenants: await lifecycle.listTenants(),
    leases: await lifecycle.listLeases(),
    audit: await audit.read(1, 99),
  };
}

/** Everything that `fillStore` put in, as the store's doors give it. */
export async function readStore({ inventory, identity }: ControlStore): Promise<object> {
  return {
    sites: await inventory.listSites(),
    racks: await inventory.listRacks(),
    hosts: await inventory.listHosts(),
    state: await inventory.readState(hostIdOf(1)),
    tokens: await identity.listTokens(),
    pinned: await identity.findPinnedKey(keyOf(1)),
    revoked: await identity.findTurnedAway(keyOf(2)),
    pending: await identity.listPending(),
    secret: await identity.findSecret("b".repeat(64)),
    removed: await inventory.insertHost(hostRecord(3)).then(
      () => "taken again",
      () => "never taken again",
    ),
  };
}
