import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { OrderAction } from "#proto/messages/orders.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { createFakeHost } from "#test/support/fake-host-control.ts";
import { createOrderWorld, give, startOrderRun } from "#test/support/order-rig.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";

const folder = mkdtempSync(join(tmpdir(), "wws-evacuation-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("who asks what runs is told what does not stop, and what its adapter says to that", async () => {
  const clock = createVirtualClock();
  const host = createFakeHost(["systemd:photo.service", "hook/vm:guest-1"]);
  const world = createOrderWorld({ clock, folder, host });
  const prove: OrderAction = { kind: "prove-empty" };
  const deadlineMs = unixMs(clock.nowUnixMs() + 600_000);
  host.stubborn.add("hook/vm:guest-1");
  const run = startOrderRun(world);
  await give(world, run, {
    kind: "evacuate",
    deadlineMs,
    graceMs: 30_000,
    force: false,
  });
  await world.clock.advance(5_000);
  const early = (await give(world, run, prove))?.evidence?.workloads;
  expect(early).toMatchObject([{ name: "hook/vm:guest-1", state: "running" }]);
  await world.clock.advance(40_000);
  const seen = (await give(world, run, prove))?.evidence?.workloads;
  expect(seen).toMatchObject([
    { name: "hook/vm:guest-1", state: "stuck", detail: expect.stringContaining("still there") },
  ]);
  await world.clock.advance(120_000);
  // No figure in it moves: a manager writes what has changed.
  expect((await give(world, run, prove))?.evidence?.workloads).toEqual(seen);
  const next = (await give(world, run, prove, { epoch: 2 }))?.evidence?.workloads;
  expect(next).toMatchObject([{ name: "hook/vm:guest-1", state: "running" }]);
});
