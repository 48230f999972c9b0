import { afterEach, expect, test } from "vitest";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { HostId, PlanId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { ann, ben, drainAction } from "#test/support/drain-builders.ts";
import { type LifeWorld, openLifeWorld, someHost } from "#test/support/life-world.ts";
import type { LifeRefusal } from "./lifecycle.ts";
import type { PlanAction } from "./plan.ts";

const open: LifeWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

async function worldOf(...hosts: readonly HostRecord[]): Promise<LifeWorld> {
  const world = await openLifeWorld({ hosts: hosts.length === 0 ? [someHost()] : hosts });
  open.push(world);
  return world;
}

const hostId: HostId = hostIdOf(1);
const start = (world: LifeWorld, action: PlanAction, asker = ann, planId: PlanId | null = null) =>
  world.manager().lifecycle.start({ hostId, action, planId, asker });

async function started(world: LifeWorld, action: PlanAction = drainAction(), asker = ann) {
  const answer = await start(world, action, asker);
  if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
  return answer.value;
}

const codesOf = (answer: { ok: boolean; problem?: LifeRefusal }): readonly string[] =>
  answer.problem?.kind === "refused" ? answer.problem.why.map(({ code }) => code) : [];

test("holds forbid their verbs and are released one by one", async () => {
  const world = await worldOf();
  const { lifecycle } = world.manager();
  const none = { expiresMs: null, reviewMs: null, forWhom: null };
  const protect = await lifecycle.addHold({ hostId, kind: "protect", ...none }, ann);
  expect(protect).toMatchObject({ ok: true, value: { holderKind: "operator" } });
  expect(codesOf(await start(world, drainAction({ force: true })))).toEqual(["hold"]);
  expect(await start(world, drainAction())).toMatchObject({ ok: true });
  expect(await lifecycle.addHold({ hostId, kind: "protect", ...none }, ann)).toEqual(protect);
  expect(await lifecycle.addHold({ hostId, kind: "protect", ...none }, ben)).toMatchObject({
    ok: true,
    value: { holder: "ben" },
  });
  expect(
    codesOf((await lifecycle.addHold({ hostId, kind: "tenant", ...none }, ann)) as never),
  ).toEqual(["hold"]);
});

test("a hold that ran out forbids nothing, and is taken away", async () => {
  const world = await worldOf();
  const { lifecycle, inventory } = world.manager();
  const expiresMs = unixMs(world.clock.nowUnixMs() + 30_000);
  await lifecycle.addHold(
    { hostId, kind: "tenant", expiresMs, reviewMs: null, forWhom: "acme" },
    ann,
  );
  expect(codesOf(await start(world, drainAction()))).toEqual(["hold"]);
  await world.clock.advance(61_000);
  await world.clock.settle();
  expect(lifecycle.view((await inventory.host(hostId)) as HostRecord).holds).toEqual([]);
  await started(world);
});

test("failing health sets a fault hold that clears itself, over a restart too", async () => {
  const world = await worldOf();
  const holds = async () => {
    const { lifecycle, inventory } = world.manager();
    return lifecycle.view((await inventory.host(hostId)) as HostRecord).holds;
  };
  await world.setHealth(hostId, "failing", "sda will fail");
  expect(await holds()).toMatchObject([
    { kind: "fault", holder: "health", reason: "sda will fail" },
  ]);
  await world.setHealth(hostId, "unknown");
  expect(await holds()).toHaveLength(1);
  await world.setHealth(hostId, "ok");
  expect(await holds()).toEqual([]);
  await world.setHealth(hostId, "failed");
  await world.restart();
  expect(await holds()).toMatchObject([{ kind: "fault" }]);
});
