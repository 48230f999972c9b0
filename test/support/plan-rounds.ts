import { onTestFinished } from "vitest";
import type { PlanRecord } from "#fleet/lifecycle/plan.ts";
import { openPlanWorld, type PlanWorld } from "./plan-world.ts";

// What the tests of running plans do to them: hosts by number, rounds, and how many hosts are where.

/** A world that is closed when its test has ended. */
export async function openWorldOfTest(
  options: Parameters<typeof openPlanWorld>[0] = {},
): Promise<PlanWorld> {
  const world = await openPlanWorld(options);
  onTestFinished(() => world.close());
  return world;
}

export const reboot = { kind: "reboot", graceMs: 0 } as const;

/** The numbers of the first hosts. */
export const upTo = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => at + 1);

/** How many hosts of the plan are in this state. */
export const states = (plan: PlanRecord, state: string): number =>
  plan.hosts.filter((host) => host.state === state).length;

/** Rounds of the plans until nothing more begins by itself. */
export async function rounds(world: PlanWorld, count = 1): Promise<void> {
  for (let at = 0; at < count; at += 1) await world.plans().advance();
}

/** Every operation ends well until the plan has ended. */
export async function runToEnd(
  world: PlanWorld,
  plan: PlanRecord,
  roundsMax = 400,
): Promise<PlanRecord> {
  for (let at = 0; at < roundsMax; at += 1) {
    await world.plans().advance();
    const now = await world.find(plan);
    if (now.endedMs !== null) return now;
    for (const { hostId } of await world.open()) await world.end(hostId);
    await world.life.clock.advance(61_000);
  }
  throw new Error("it never ended");
}
