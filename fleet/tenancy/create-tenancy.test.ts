import { afterEach, expect, test } from "vitest";
import type { LeaseRecord, TenantRecord } from "./tenancy.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { ann, drainAction } from "#test/support/drain-builders.ts";
import { type LifeWorld, openLifeWorld, someHost } from "#test/support/life-world.ts";

const open: LifeWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

const hostId = hostIdOf(1);

async function worldWithTenant(): Promise<{ world: LifeWorld; acme: TenantRecord }> {
  const world = await openLifeWorld({ hosts: [someHost()] });
  open.push(world);
  const added = await world.manager().tenancy.addTenant({ name: "acme", webhook: null, by: "ann" });
  if (!added.ok) throw new Error(added.problem.kind);
  return { world, acme: added.value };
}

function claim(world: LifeWorld, tenant: TenantRecord, facts: Partial<LeaseRecord> = {}) {
  return world.manager().tenancy.claim({
    tenantId: tenant.id,
    hostId,
    share: "shared",
    trust: "operated",
    notice: "none",
    evacuation: "migrate",
    workloads: [],
    by: "ann",
    ...facts,
  });
}

test("a tenant's name is its own", async () => {
  const { world } = await worldWithTenant();
  const again = await world.manager().tenancy.addTenant({ name: "acme", webhook: null, by: "ben" });
  expect(again).toEqual({ ok: false, problem: { kind: "name-taken", name: "acme" } });
});

test("an exclusive lease stands alone", async () => {
  const { world, acme } = await worldWithTenant();
  const first = await claim(world, acme, { share: "exclusive" });
  if (!first.ok) throw new Error(first.problem.kind);
  expect(await claim(world, acme)).toEqual({
    ok: false,
    problem: { kind: "lease-taken", by: first.value.id },
  });
  await world.manager().tenancy.end(first.value.id, "ann");
  expect(await claim(world, acme)).toMatchObject({ ok: true });
  expect(await claim(world, acme, { share: "exclusive" })).toMatchObject({
    ok: false,
    problem: { kind: "lease-taken" },
  });
});

test("of two exclusive claims at the same moment one wins", async () => {
  const { world, acme } = await worldWithTenant();
  const both = await Promise.all([
    claim(world, acme, { share: "exclusive" }),
    claim(world, acme, { share: "exclusive" }),
  ]);
  expect(both.map(({ ok }) => ok)).toEqual([true, false]);
});

test("a host that takes nothing new refuses a claim, in words", async () => {
  const { world, acme } = await worldWithTenant();
  await world.manager().lifecycle.start({
    hostId,
    action: drainAction(),
    planId: null,
    asker: ann,
  });
  const refused = await claim(world, acme);
  expect(refused).toMatchObject({ ok: false, problem: { kind: "not-schedulable" } });
  expect(world.manager().tenancy.leasesOf(hostId)).toEqual([]);
});

test("no claim lands after its host's cordon, however the two cross", async () => {
  for (let round = 0; round < 8; round += 1) {
    const { world, acme } = await worldWithTenant();
    const { tenancy, lifecycle } = world.manager();
    const claimed = claim(world, acme);
    for (let turn = 0; turn < round; turn += 1) await Promise.resolve();
    const drain = await lifecycle.start({
      hostId,
      action: drainAction(),
      planId: null,
      asker: ann,
    });
    expect(drain.ok).toBe(true);
    const revision = await tenancy.settled(hostId);
    const leases = tenancy.leasesOf(hostId).length;
    expect((await claimed).ok).toBe(leases === 1);
    await world.clock.settle();
    expect(tenancy.leasesOf(hostId)).toHaveLength(leases);
    expect(tenancy.revisionOf(hostId)).toBe(revision);
  }
});

test("the revision rises with each lease, and over a restart", async () => {
  const { world, acme } = await worldWithTenant();
  const before = world.manager().tenancy.revisionOf(hostId);
  const lease = await claim(world, acme);
  const claimed = world.manager().tenancy.revisionOf(hostId);
  expect(claimed).toBeGreaterThan(before);
  if (lease.ok) await world.manager().tenancy.end(lease.value.id, "ann");
  const ended = world.manager().tenancy.revisionOf(hostId);
  expect(ended).toBeGreaterThan(claimed);
  const { tenancy } = await world.restart();
  expect(tenancy.revisionOf(hostId)).toBeGreaterThanOrEqual(ended);
  expect(tenancy.leasesOf(hostId)).toEqual([]);
});

test("a rented host is leased whole, and stays rented when the lease has ended", async () => {
  const { world, acme } = await worldWithTenant();
  expect(await claim(world, acme, { trust: "rented" })).toMatchObject({
    ok: false,
    problem: { kind: "not-schedulable", words: ["a host whose tenant is root is leased whole"] },
  });
  const lease = await claim(world, acme, { trust: "rented", share: "exclusive" });
  if (!lease.ok) throw new Error(lease.problem.kind);
  await world.manager().tenancy.end(lease.value.id, "ann");
  expect((await world.manager().inventory.host(hostId))?.trust).toBe("rented");
});

test("what nobody knows is refused by name", async () => {
  const { world, acme } = await worldWithTenant();
  expect(await claim(world, acme, { hostId: hostIdOf(9) })).toMatchObject({
    problem: { kind: "unknown", what: "host" },
  });
  expect(await claim(world, { ...acme, id: hostId as never })).toMatchObject({
    problem: { kind: "unknown", what: "tenant" },
  });
  expect(await world.manager().tenancy.end(hostId as never, "ann")).toMatchObject({
    problem: { kind: "unknown", what: "lease" },
  });
});
