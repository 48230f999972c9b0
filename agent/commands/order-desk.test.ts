import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeHost, type FakeHost } from "#test/support/fake-host-control.ts";
import {
  createOrderWorld,
  give,
  operationB,
  type OrderWorld,
  startOrderRun,
} from "#test/support/order-rig.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import type { OrderAction } from "#proto/messages/orders.ts";
import type { BootId, HostId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";

let folder = "";
let host: FakeHost;
let world: OrderWorld;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-orders-"));
  host = createFakeHost(["systemd:photo.service", "hook/vm:guest-1"]);
  world = createOrderWorld({ clock: createVirtualClock(), folder, host });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fence: OrderAction = { kind: "fence" };
const prove: OrderAction = { kind: "prove-empty" };
const halt: OrderAction = { kind: "halt-evacuation" };
const release: OrderAction = { kind: "release", restart: true };
const reboot: OrderAction = { kind: "reboot", graceMs: 60_000 };
const evacuate = (force = false, inMs = 600_000): OrderAction => ({
  kind: "evacuate",
  deadlineMs: unixMs(world.clock.nowUnixMs() + inMs),
  graceMs: 30_000,
  force,
});

test("a drain: fenced, moved away, proven empty, and given back", async () => {
  const run = startOrderRun(world);
  expect(await give(world, run, fence)).toMatchObject({
    result: "done",
    evidence: { epoch: 1, isFenced: true, workloads: [{ state: "running" }, { state: "running" }] },
  });
  expect(await give(world, run, evacuate())).toMatchObject({ result: "done" });
  await world.clock.advance(5_000);
  expect(run.desk.takeProgress()).toMatchObject({
    state: "ended",
    workloads: [{ state: "stopped" }, { state: "stopped" }],
  });
  expect(run.desk.takeProgress()).toBeNull();
  expect(await give(world, run, prove)).toMatchObject({
    result: "done",
    evidence: { isFenced: true, workloads: [], tenantMounts: [], unasked: [] },
  });
  expect(await give(world, run, release)).toMatchObject({ evidence: { isFenced: false } });
  expect([...host.workloads.values()]).toEqual(["running", "running"]);
});

test("what comes again is answered from the journal, also by another run and another command", async () => {
  const first = await give(world, startOrderRun(world), fence, { id: "c-same" });
  for (const id of ["c-same", "c-other"]) {
    const again = await give(world, startOrderRun(world), fence, { id });
    expect(again?.result).toBe(first?.result);
  }
  expect(host.acts.filter((act) => act.startsWith("fence"))).toEqual(["fence 1"]);
});

test("the fence survives a restart and is put up again", async () => {
  await give(world, startOrderRun(world), fence);
  host.isFenced = false;
  world.bootId = "b0070000-0000-4000-8000-000000000002" as BootId;
  const run = startOrderRun(world);
  expect(await give(world, run, prove)).toMatchObject({ evidence: { isFenced: true, epoch: 1 } });
  expect(host.isFenced).toBe(true);
});

test("a lower epoch or term, another generation or serial, and what is late are refused by name", async () => {
  const run = startOrderRun(world);
  await give(world, run, fence, { epoch: 7, term: 3 });
  const late = unixMs(world.clock.nowUnixMs());
  await world.clock.advance(2_500);
  const refusals = [
    [{ epoch: 6, term: 3 }, "epoch 6 is over: this host has seen epoch 7"],
    [{ epoch: 8, term: 2 }, "term 2 is over: this host has seen term 3"],
    [
      { epoch: 8, term: 3, generation: 2 },
      "generation 2 of this host's identity, which is generation 1",
    ],
    [{ epoch: 8, term: 3, serial: "S-2" }, "serial S-2, this one's is S-1"],
    [{ epoch: 8, term: 3, expiresMs: late }, "s after its time was over"],
  ] as const;
  for (const [differs, words] of refusals) {
    const outcome = await give(world, run, release, differs);
    expect(outcome?.result).toBe("refused");
    expect(outcome?.detail).toContain(words);
  }
  expect(await give(world, run, { kind: "unknown" }, { epoch: 8, term: 3 })).toMatchObject({
    result: "refused",
    detail: "this agent's release does not know what was ordered",
  });
  expect(host.acts).toEqual(["fence 7"]);
});

test("the highest epoch and term outlive the process, proven or acted", async () => {
  await give(world, startOrderRun(world), prove, { epoch: 9, term: 5 });
  const run = startOrderRun(world);
  expect((await give(world, run, fence, { epoch: 8, term: 5 }))?.detail).toContain("epoch 9");
  expect((await give(world, run, fence, { epoch: 9, term: 4 }))?.detail).toContain("term 5");
});

test("a hold refuses what changes the host, with its file and its text, and nothing else", async () => {
  const run = startOrderRun(world);
  world.hold = { path: "/etc/wws-agent/hold", text: "anna swaps a disk" };
  for (const action of [fence, evacuate(), release, reboot]) {
    expect(await give(world, run, action)).toMatchObject({
      result: "refused",
      detail:
        "this host is held by /etc/wws-agent/hold: anna swaps a disk; remove the file to go on",
    });
  }
  expect(await give(world, run, prove)).toMatchObject({ result: "done" });
  expect(await give(world, run, halt)).toMatchObject({ result: "done" });
  expect(host.acts).toEqual(["halt"]);
});

test("a serial that is not known yet is waited for; one that is never known is no other machine's", async () => {
  world.serial = undefined;
  const run = startOrderRun(world);
  void world.clock.after(3_000, () => {
    world.serial = "S-9";
  });
  expect((await give(world, run, fence))?.detail).toContain("this one's is S-9");
  world.serial = null;
  expect((await give(world, run, fence))?.result).toBe("done");
});

test("at the deadline what is left is told as failed; forced, it is ended hard", async () => {
  host.stubborn.add("hook/vm:guest-1");
  const run = startOrderRun(world);
  await give(world, run, evacuate(false, 60_000));
  await world.clock.advance(40_000);
  expect(run.desk.takeProgress()?.workloads).toMatchObject([
    { name: "hook/vm:guest-1", state: "stuck", detail: expect.stringContaining("still there") },
    { state: "stopped" },
  ]);
  await world.clock.advance(60_000);
  expect(run.desk.takeProgress()?.state).toBe("failed");
  expect(host.acts.some((act) => act.startsWith("hard"))).toBe(false);
  await give(world, run, evacuate(true, 20_000));
  await world.clock.advance(40_000);
  expect(run.desk.takeProgress()?.state).toBe("ended");
  expect(host.acts).toContain("hard hook/vm:guest-1");
});

test("what cannot be asked is neither gone nor proven gone", async () => {
  host.unasked = ["hook/vm: gave no answer within 10 s"];
  const run = startOrderRun(world);
  await give(world, run, evacuate(true, 20_000));
  await world.clock.advance(120_000);
  const progress = run.desk.takeProgress();
  expect(progress?.state).toBe("failed");
  expect(progress?.workloads).toContainEqual({
    name: "unasked:hook/vm",
    state: "stuck",
    detail: "hook/vm: gave no answer within 10 s",
  });
  expect((await give(world, run, prove))?.evidence?.unasked).toEqual(host.unasked);
});

test("halted, an evacuation ends where it is, and begins again only for a new command", async () => {
  host.stubborn.add("hook/vm:guest-1");
  const run = startOrderRun(world);
  const action = evacuate();
  await give(world, run, action, { id: "c-evacuate" });
  await give(world, run, halt);
  const before = host.acts.length;
  await world.clock.advance(120_000);
  await give(world, run, action, { id: "c-evacuate" });
  await world.clock.advance(60_000);
  expect(host.acts.length).toBe(before);
  await give(world, run, action, { id: "c-resumed" });
  await world.clock.advance(5_000);
  expect(host.acts.at(-1)).toBe("evacuate hook/vm:guest-1");
});

test("paused twice within one epoch, it is halted twice; fenced again after a release, it is fenced", async () => {
  host.stubborn.add("hook/vm:guest-1");
  const run = startOrderRun(world);
  const action = evacuate();
  for (let round = 0; round < 2; round += 1) {
    await give(world, run, fence);
    await give(world, run, action);
    await give(world, run, halt);
    const before = host.acts.length;
    await world.clock.advance(120_000);
    expect(host.acts.length).toBe(before);
  }
  await give(world, run, { kind: "release", restart: false });
  expect(await give(world, run, fence)).toMatchObject({ evidence: { isFenced: true } });
  expect(host.isFenced).toBe(true);
});

test("an evacuation of an epoch that is over does nothing more", async () => {
  host.stubborn.add("hook/vm:guest-1");
  const run = startOrderRun(world);
  await give(world, run, evacuate());
  await give(
    world,
    run,
    { kind: "release", restart: false },
    { epoch: 2, operationId: operationB },
  );
  const before = host.acts.length;
  await world.clock.advance(120_000);
  expect(host.acts.length).toBe(before);
});

test("what failed is told with its adapter, leaves no fence, and may be asked for again", async () => {
  host.problems = ["systemd: systemctl show ended with 1"];
  const run = startOrderRun(world);
  expect(await give(world, run, fence, { id: "c-1" })).toMatchObject({
    result: "failed",
    detail: "systemd: systemctl show ended with 1",
    evidence: { isFenced: false },
  });
  host.problems = [];
  expect((await give(world, run, fence, { id: "c-1" }))?.result).toBe("failed");
  expect((await give(world, run, fence, { id: "c-2" }))?.result).toBe("done");
});

test("a reboot is done once in one boot, and is answered as done by the next", async () => {
  const run = startOrderRun(world);
  expect(await give(world, run, reboot)).toMatchObject({ result: "done" });
  world.bootId = "b0070000-0000-4000-8000-000000000002" as BootId;
  const after = await give(world, startOrderRun(world), reboot);
  expect(after?.detail).toContain(
    "the system restarted: boot b0070000-0000-4000-8000-000000000001",
  );
  expect(host.reboots).toBe(1);
});

test("where the system cannot be restarted, that is said and nothing is noted", async () => {
  host.whyNoReboot = "process 1 of this host is not systemd: it cannot be restarted from within";
  expect(await give(world, startOrderRun(world), reboot)).toMatchObject({
    result: "refused",
    detail: host.whyNoReboot,
  });
});

test("another identity inherits neither fence nor epoch", async () => {
  await give(world, startOrderRun(world), fence, { epoch: 40 });
  world.hostId = "01930000-0000-7000-8000-000000000002" as HostId;
  const run = startOrderRun(world);
  expect(await give(world, run, prove, { epoch: 1 })).toMatchObject({
    result: "done",
    evidence: { isFenced: false, epoch: 1 },
  });
  expect(host.acts.at(-1)).toBe("release");
});

test("a damaged journal refuses every order and says which file", async () => {
  writeFileSync(join(folder, "orders.json"), '{"format":1,');
  const outcome = await give(world, startOrderRun(world), fence);
  expect(outcome?.result).toBe("refused");
  expect(outcome?.detail).toContain(`${join(folder, "orders.json")} is damaged`);
  expect(readFileSync(join(folder, "orders.json"), "utf8")).toBe('{"format":1,');
});

test("where nothing can be noted, nothing is done", async () => {
  const run = startOrderRun(world);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "");
  expect(await give(world, run, fence)).toMatchObject({ result: "failed" });
  expect(host.acts).toEqual([]);
});

test("without adapters the words say what the proof rests on", async () => {
  host.workloads.clear();
  host.note = "no adapter is configured here";
  expect(await give(world, startOrderRun(world), prove)).toMatchObject({
    result: "done",
    detail: "no adapter is configured here",
    evidence: { workloads: [], unasked: [] },
  });
});
