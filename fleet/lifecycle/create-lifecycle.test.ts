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

test("a drain begins with its cordon, an epoch and one entry in the audit, all at once", async () => {
  const world = await worldOf();
  const operation = await started(world);
  const { inventory, lifecycle } = world.manager();
  const host = await inventory.host(hostId);
  expect(host).toMatchObject({
    phase: "active",
    epoch: 1,
    revision: 2,
    op: { id: operation.id, kind: "drain", step: "cordon", epoch: 1, isPaused: false },
  });
  const view = lifecycle.view(host as HostRecord);
  expect(view.lifecycle).toBe("draining");
  expect(view.holds).toMatchObject([{ kind: "cordon", holder: `drain ${operation.id}` }]);
  expect(view.whyNotSchedulable.map(({ code }) => code)).toEqual(["operation", "hold"]);
  expect(await world.store.audit.list({ beforeSeq: null, limit: 9 })).toMatchObject([
    { action: "operation.start", actor: "ann", reason: ann.reason, outcome: "done" },
  ]);
});

test("the same drain asked twice is the same drain; a stronger one shortens its deadline", async () => {
  const world = await worldOf();
  const first = await started(world);
  expect(await started(world, drainAction({ deadlineMs: 60_000 }), ben)).toEqual(first);
  const stronger = await started(
    world,
    drainAction({ drain: "degraded", deadlineMs: 1_800_000 }),
    ben,
  );
  expect(stronger.id).toBe(first.id);
  expect(stronger.epoch).toBe(2);
  expect(stronger.deadlineMs).toBe(world.clock.nowUnixMs() + 1_800_000);
  const weaker = await started(world, drainAction({ deadlineMs: 86_400_000 }));
  expect(weaker).toEqual(stronger);
  const longer = await started(
    world,
    drainAction({ drain: "degraded", deadlineMs: 999_999_999, force: true }),
  );
  expect(longer.deadlineMs).toBe(stronger.deadlineMs);
  expect(longer.detail).toMatchObject({ drain: "degraded", force: true });
});

test("an emergency wants two people, and has its graceful stop and room to be proven in", async () => {
  const world = await worldOf();
  const action = drainAction({ drain: "emergency", deadlineMs: 0 });
  expect(codesOf(await start(world, action))).toEqual(["approval"]);
  expect(codesOf(await start(world, action, { ...ann, approvedBy: "ann" }))).toEqual(["approval"]);
  const operation = await started(world, action, { ...ann, approvedBy: "ben" });
  expect(operation.deadlineMs).toBe(world.clock.nowUnixMs() + 60_000 + 300_000);
});

test("what does not fit is refused with every reason, each with its exit", async () => {
  const world = await worldOf(someHost({ phase: "quarantined", watchedOnly: true }));
  const answer = await start(world, drainAction());
  expect(codesOf(answer)).toEqual(["watched-only", "phase"]);
  if (!answer.ok && answer.problem.kind === "refused")
    expect(answer.problem.why[0]).toMatchObject({
      command: "wws-fleet host manage host-1 --reason REASON",
    });
  expect(world.lines).toContainEqual(
    expect.objectContaining({
      message: "would have been done, but the host is only watched",
      host: "host-1",
    }),
  );
  expect(await world.store.audit.list({ beforeSeq: null, limit: 9 })).toMatchObject([
    { action: "operation.start", outcome: "denied", facts: { why: "watched-only phase" } },
  ]);
  expect((await world.manager().inventory.host(hostId))?.revision).toBe(1);
});

test("a watched host is managed once an operator says so, and then drained", async () => {
  const world = await worldOf(someHost({ watchedOnly: true, adopted: true }));
  const managed = await world.manager().lifecycle.setWatchedOnly(hostId, false, ann);
  expect(managed).toMatchObject({ ok: true, value: { watchedOnly: false } });
  await started(world);
  expect(
    codesOf((await world.manager().lifecycle.setWatchedOnly(hostId, true, ann)) as never),
  ).toEqual(["operation"]);
});

test("a host has one operation: another kind is refused, naming it", async () => {
  const world = await worldOf();
  await started(world);
  expect(codesOf(await start(world, { kind: "reboot", graceMs: 0 }, ann, "p" as PlanId))).toEqual([
    "operation",
  ]);
});

test("an active host is rebooted through a plan, and not before it said which boot it runs", async () => {
  const world = await worldOf(someHost({ bootId: null }));
  expect(codesOf(await start(world, { kind: "reboot", graceMs: 0 }))).toEqual(["plan", "agent"]);
});

test("of two starts at the same moment one wins", async () => {
  const world = await worldOf(someHost({ phase: "active" }));
  const answers = await Promise.all([
    start(world, drainAction()),
    start(world, { kind: "reboot", graceMs: 0 }, ben, "p" as PlanId),
  ]);
  expect(answers.map(({ ok }) => ok)).toEqual([true, false]);
});

test("a freeze stops what would begin", async () => {
  const world = await worldOf();
  world.brakes = [
    { code: "freeze", words: "frozen by ben", who: "two operators", command: null, untilMs: null },
  ];
  expect(codesOf(await start(world, drainAction()))).toEqual(["freeze"]);
});

test("cancel leaves the host where it was, raises the epoch and keeps the cordon", async () => {
  const world = await worldOf();
  const operation = await started(world);
  const { lifecycle, inventory } = world.manager();
  const canceled = await lifecycle.cancel(operation.id, ben);
  expect(canceled).toMatchObject({ ok: true, value: { status: "canceled" } });
  const host = (await inventory.host(hostId)) as HostRecord;
  expect(host).toMatchObject({ phase: "active", op: null, epoch: 2 });
  expect(lifecycle.view(host).holds).toMatchObject([{ kind: "cordon" }]);
  expect(await lifecycle.cancel(operation.id, ben)).toMatchObject({ ok: true });
});

test("released after a cancel, a drain's cordon stands until the agent has lifted its fence", async () => {
  const world = await worldOf();
  const operation = await started(world);
  const { lifecycle, inventory } = world.manager();
  const cordon = lifecycle.view((await inventory.host(hostId)) as HostRecord).holds[0];
  if (cordon === undefined) throw new Error("no cordon");
  expect(codesOf((await lifecycle.releaseHold(cordon.id, ann)) as never)).toEqual(["hold"]);
  await lifecycle.cancel(operation.id, ann);
  expect(await lifecycle.releaseHold(cordon.id, ann)).toMatchObject({ ok: true });
  const host = (await inventory.host(hostId)) as HostRecord;
  expect(host.epoch).toBe(3);
  expect(lifecycle.view(host)).toMatchObject({
    isSchedulable: false,
    holds: [{ holder: `lift ${operation.id}` }],
  });
});

test("a paused drain goes on at a new epoch, with its time again where that was over", async () => {
  const world = await worldOf();
  const operation = await started(world);
  const { lifecycle } = world.manager();
  const paused = await lifecycle.pause(operation.id, ben);
  expect(paused).toMatchObject({
    ok: true,
    value: {
      status: "paused",
      why: [{ command: `wws-fleet op resume ${operation.id} --reason REASON` }],
    },
  });
  await world.clock.advance(3 * 3_600_000);
  const resumed = await lifecycle.resume(operation.id, ben);
  expect(resumed).toMatchObject({
    ok: true,
    value: {
      status: "running",
      epoch: 2,
      step: "cordon",
      why: [],
      deadlineMs: world.clock.nowUnixMs() + 2 * 3_600_000,
    },
  });
});

test("only the typed serial of a host that is not heard makes it drained without its word", async () => {
  const world = await worldOf();
  const operation = await started(world);
  const { lifecycle, inventory } = world.manager();
  expect(codesOf((await lifecycle.confirmOff(operation.id, "other", ann)) as never)).toEqual([
    "proof",
    "proof",
  ]);
  world.setLink(hostId, "lost");
  expect(codesOf((await lifecycle.confirmOff(operation.id, "other", ann)) as never)).toEqual([
    "proof",
  ]);
  const robot = { ...ann, kind: "automation" } as const;
  expect(codesOf((await lifecycle.confirmOff(operation.id, "CZ3042H8KD", robot)) as never)).toEqual(
    ["proof"],
  );
  const drained = await lifecycle.confirmOff(operation.id, "CZ3042H8KD", ann);
  expect(drained).toMatchObject({
    ok: true,
    value: { status: "done", detail: { proof: { by: "typed-serial" } } },
  });
  expect(await inventory.host(hostId)).toMatchObject({ phase: "drained", op: null });
});

test("operations, holds and cordons are there again after a restart", async () => {
  const world = await worldOf();
  const operation = await started(world);
  const { execution, lifecycle, inventory } = await world.restart();
  expect(execution.openOperations()).toEqual([operation]);
  expect(execution.cordonedHosts()).toEqual([hostId]);
  expect(lifecycle.view((await inventory.host(hostId)) as HostRecord).lifecycle).toBe("draining");
});

test("a manager that no longer leads changes nothing", async () => {
  const world = await worldOf();
  const now = world.clock.nowUnixMs();
  await world.store.leader.lead({ holder: "other", nowMs: now, untilMs: unixMs(now + 1_000) });
  world.term = 7;
  expect(await start(world, drainAction())).toMatchObject({
    ok: false,
    problem: { kind: "conflict" },
  });
  expect((await world.manager().inventory.host(hostId))?.op).toBeNull();
});

test("explain says what is so, what comes next, and of each verb whether it may be done", async () => {
  const world = await worldOf();
  const before = await world.manager().lifecycle.explain(hostId);
  expect(before).toMatchObject({ phase: "active", operation: null, waitsFor: [], next: null });
  const verbs = new Map(before?.verbs.map((verb) => [verb.verb, verb]));
  expect(verbs.get("place")?.isAllowed).toBe(true);
  expect(verbs.get("drain")?.isAllowed).toBe(true);
  expect(verbs.get("reboot")?.isAllowed).toBe(true);
  expect(verbs.get("return")?.why).toMatchObject([{ code: "phase" }]);
  expect(verbs.get("retire")?.why).toMatchObject([{ code: "phase" }]);
  const operation = await started(world);
  const during = await world.manager().lifecycle.explain(hostId);
  expect(during?.operation).toEqual(operation);
  expect(during?.next).toEqual({
    words: "unless it has ended, it pauses at its deadline and says why",
    atMs: operation.deadlineMs,
  });
  for (const verb of during?.verbs ?? [])
    if (!verb.isAllowed) expect(verb.why.length).toBeGreaterThan(0);
});

test("a cancel that comes while the operation ends is told that it has ended, with one write", async () => {
  let commits = 0;
  const world = await openLifeWorld({
    hosts: [someHost()],
    wrapStore: (store) => ({
      ...store,
      commit(change) {
        commits += 1;
        return store.commit(change);
      },
    }),
  });
  open.push(world);
  const operation = await started(world);
  const { lifecycle, execution } = world.manager();
  commits = 0;
  const ending = lifecycle.cancel(operation.id, ann);
  const late = lifecycle.pause(operation.id, ben);
  const again = lifecycle.cancel(operation.id, ben);
  expect(await ending).toMatchObject({ value: { status: "canceled" } });
  expect(codesOf(await late)).toEqual(["operation"]);
  expect(await again).toEqual(await ending);
  expect(commits).toBe(1);
  expect((await execution.facts(hostId))?.operation).toBeNull();
});
