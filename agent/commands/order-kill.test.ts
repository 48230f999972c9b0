import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeHost } from "#test/support/fake-host-control.ts";
import {
  createOrderWorld,
  give,
  type OrderRun,
  type OrderWorld,
  startOrderRun,
} from "#test/support/order-rig.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import type { OrderAction } from "#proto/messages/orders.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { type OrderFailPoint, orderFailPoints } from "./order-effects.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-kill-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Gives an order until it is answered: a process that dies over it is started again. */
async function insist(
  world: OrderWorld,
  runs: OrderRun[],
  action: OrderAction,
): Promise<string | undefined> {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    if (runs.at(-1)?.isDead === true) runs.push(startOrderRun(world));
    const run = runs.at(-1);
    if (run === undefined) throw new Error("no run");
    const outcome = await give(world, run, action);
    if (outcome !== null) return outcome.result;
  }
  throw new Error("never answered");
}

async function drain(killAt: OrderFailPoint | null, killWhile: number) {
  const host = createFakeHost(["systemd:photo.service", "systemd:web.service"]);
  const world = createOrderWorld({ clock: createVirtualClock(), folder, host });
  const actions: readonly OrderAction[] = [
    { kind: "fence" },
    {
      kind: "evacuate",
      deadlineMs: unixMs(world.clock.nowUnixMs() + 3_600_000),
      graceMs: 30_000,
      force: false,
    },
    { kind: "prove-empty" },
    { kind: "release", restart: true },
  ];
  const runs = [startOrderRun(world)];
  const seen: unknown[] = [];
  for (const [step, action] of actions.entries()) {
    if (step === killWhile) {
      runs.at(-1)?.kill();
      runs.push(startOrderRun(world, killAt));
    }
    seen.push(await insist(world, runs, action));
    await world.clock.advance(20_000);
    if (runs.at(-1)?.isDead === true) {
      runs.push(startOrderRun(world));
      await world.clock.advance(20_000);
    }
    seen.push([...host.workloads.values()], host.isFenced);
  }
  return { seen, passed: new Set(runs.flatMap((run) => run.passed)) };
}

const undisturbed = [
  ["done", ["running", "running"], true],
  ["done", ["stopped", "stopped"], true],
  ["done", ["stopped", "stopped"], true],
  ["done", ["running", "running"], false],
].flat();

test("undisturbed, a drain passes every fail point", async () => {
  const { seen, passed } = await drain(null, -1);
  expect(seen).toEqual(undisturbed);
  expect([...passed].toSorted()).toEqual([...orderFailPoints].toSorted());
});

test.each(orderFailPoints.flatMap((point) => [0, 1, 2, 3].map((step) => [point, step] as const)))(
  "killed at %s in step %i and started again, a drain comes to the same end",
  async (point, step) => {
    expect((await drain(point, step)).seen).toEqual(undisturbed);
  },
);
