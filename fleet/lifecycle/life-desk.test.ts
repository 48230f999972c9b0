import { afterEach, expect, test } from "vitest";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { LifeStore } from "#fleet/lifecycle/life-store.ts";
import { ann, ben, drainAction } from "#test/support/drain-builders.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { type LifeWorld, type Manager, openLifeWorld, someHost } from "#test/support/life-world.ts";

const open: LifeWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

async function worldOf(wrapStore?: (store: LifeStore) => LifeStore): Promise<LifeWorld> {
  const wrapped = wrapStore === undefined ? {} : { wrapStore };
  const world = await openLifeWorld({ hosts: [someHost()], ...wrapped });
  open.push(world);
  return world;
}

const hostId = hostIdOf(1);
const hold = { hostId, kind: "protect", expiresMs: null, reviewMs: null, forWhom: null } as const;
const startDrain = ({ lifecycle }: Manager) =>
  lifecycle.start({ hostId, action: drainAction(), planId: null, asker: ann });

/** A manager that read everything before another one wrote. */
async function behind(world: LifeWorld): Promise<{ old: Manager; newer: Manager }> {
  const old = world.manager();
  await old.inventory.hosts();
  return { old, newer: await world.restart() };
}

test("a host that another manager changed is judged as it is, not as it was", async () => {
  const { old, newer } = await behind(await worldOf());
  const drain = await startDrain(newer);
  if (!drain.ok) throw new Error(drain.problem.kind);
  expect(await old.lifecycle.addHold(hold, ben)).toMatchObject({ ok: true });
  expect(await old.lifecycle.pause(drain.value.id, ben)).toMatchObject({ ok: true });
  expect(await old.lifecycle.cancel(drain.value.id, ben)).toMatchObject({
    value: { status: "canceled" },
  });
  expect(await old.inventory.host(hostId)).toMatchObject({ op: null });
});

test("a drain that another manager began is the one that is running", async () => {
  const { old, newer } = await behind(await worldOf());
  const drain = await startDrain(newer);
  expect(drain.ok).toBe(true);
  expect(await startDrain(old)).toEqual(drain);
});

test("a lease that another manager granted is seen, and placing goes on", async () => {
  const { old, newer } = await behind(await worldOf());
  const added = await old.tenancy.addTenant({ name: "acme", webhook: null, by: "ann" });
  if (!added.ok) throw new Error(added.problem.kind);
  await newer.tenancy.reload();
  const claim = ({ tenancy }: Manager) =>
    tenancy.claim({
      tenantId: added.value.id,
      hostId,
      share: "shared",
      trust: "operated",
      notice: "none",
      evacuation: "migrate",
      workloads: [],
      by: "ann",
    });
  expect(await claim(newer)).toMatchObject({ ok: true });
  expect(await claim(old)).toMatchObject({ ok: true });
  expect(old.tenancy.leasesOf(hostId)).toHaveLength(2);
  expect(await startDrain(newer)).toMatchObject({ ok: true });
  expect(newer.tenancy.leasesOf(hostId)).toHaveLength(2);
});

test("a change that was written and whose answer was lost is found by the next one", async () => {
  let isCut = false;
  const world = await worldOf((store) => ({
    ...store,
    async commit(change) {
      const answer = await store.commit(change);
      if (isCut) throw new Error("the connection ended");
      return answer;
    },
  }));
  isCut = true;
  await expect(startDrain(world.manager())).rejects.toThrow("the connection ended");
  isCut = false;
  const { lifecycle } = world.manager();
  expect(await lifecycle.addHold(hold, ben)).toMatchObject({ ok: true });
  const found = (await lifecycle.operations({
    hostId,
    before: null,
    limit: 9,
  })) satisfies readonly OperationRecord[];
  expect(found).toHaveLength(1);
  const [drain] = found;
  if (drain === undefined) throw new Error("no drain");
  expect((await lifecycle.explain(hostId))?.operation).toEqual(drain);
  expect(await lifecycle.cancel(drain.id, ben)).toMatchObject({ value: { status: "canceled" } });
});
