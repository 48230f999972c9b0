import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeHost, type FakeHost } from "#test/support/fake-host-control.ts";
import { createOrderWorld, give, type OrderWorld, startOrderRun } from "#test/support/order-rig.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { unixMs } from "#proto/vocabulary/units.ts";

let folder = "";
let host: FakeHost;
let world: OrderWorld;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-orders-"));
  host = createFakeHost(["hook/vm:guest-1"]);
  host.stubborn.add("hook/vm:guest-1");
  world = createOrderWorld({ clock: createVirtualClock(), folder, host });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a halt stops an evacuation on a disk that takes no write, and counts once it is noted", async () => {
  const run = startOrderRun(world);
  const deadlineMs = unixMs(world.clock.nowUnixMs() + 60_000);
  const evacuate = { kind: "evacuate", deadlineMs, graceMs: 10_000, force: true } as const;
  expect(await give(world, run, evacuate)).toMatchObject({ result: "done" });
  await world.clock.advance(5_000);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "");
  const outcome = await give(world, run, { kind: "halt-evacuation" });
  expect(outcome).toMatchObject({ result: "failed", detail: expect.any(String) });
  await world.clock.advance(300_000);
  expect(host.acts).toEqual(["evacuate hook/vm:guest-1", "halt"]);
  expect(host.workloads.get("hook/vm:guest-1")).toBe("running");

  rmSync(folder);
  mkdirSync(folder);
  expect(await give(world, run, { kind: "halt-evacuation" })).toMatchObject({ result: "done" });
  startOrderRun(world);
  await world.clock.advance(300_000);
  expect(host.acts).toEqual(["evacuate hook/vm:guest-1", "halt", "halt"]);
});
