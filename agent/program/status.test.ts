import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeHost } from "#test/support/fake-host-control.ts";
import { createOrderWorld, give, type OrderWorld, startOrderRun } from "#test/support/order-rig.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { exitCodes } from "./exit-codes.ts";
import { showStatus } from "./status.ts";

let folder = "";
let world: OrderWorld;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-status-"));
  world = createOrderWorld({ clock: createVirtualClock(), folder, host: createFakeHost([]) });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function shown(json = false): string {
  const printed: string[] = [];
  const code = showStatus(
    { json },
    { data: folder, simulated: false },
    { clock: world.clock, print: (text) => printed.push(text) },
  );
  expect(code).toBe(exitCodes.notFound);
  return printed.join("\n");
}

test("the fence is shown with its epoch and since when, and is gone after a release", async () => {
  expect(shown()).not.toMatch(/fence|hold/);
  const run = startOrderRun(world);
  await give(world, run, { kind: "fence" }, { epoch: 7 });
  await world.clock.advance(600_000);
  await give(world, run, { kind: "fence" }, { epoch: 8 });
  expect(shown()).toMatch(/^fence +epoch 8, since 10 min ago, operation 01930000-/m);
  expect(JSON.parse(shown(true))).toMatchObject({ fence: { epoch: 8 }, hold: null });
  await give(world, run, { kind: "release", restart: false }, { epoch: 8 });
  expect(shown()).not.toContain("fence");
});

test("a fence of which an older release did not note the time is shown without", async () => {
  await give(world, startOrderRun(world), { kind: "fence" });
  const path = join(folder, "orders.json");
  writeFileSync(path, readFileSync(path, "utf8").replace(/,\s*"sinceMs": \d+/, ""));
  expect(shown()).toMatch(/^fence +epoch 1, operation/m);
});

test("a hold file is shown with its text, orders that cannot be read with the reason", () => {
  writeFileSync(join(folder, "hold"), "anna swaps a disk\n");
  writeFileSync(join(folder, "orders.json"), "{");
  expect(shown()).toMatch(new RegExp(`^hold +${join(folder, "hold")}: anna swaps a disk$`, "m"));
  expect(shown()).toMatch(/^orders +.*orders\.json is damaged/m);
  rmSync(join(folder, "hold"));
  mkdirSync(join(folder, "hold"));
  expect(shown()).toMatch(/^hold .*its text cannot be read: EISDIR/m);
});
