import { expect, test } from "vitest";
import type { LeaseRecord } from "#fleet/tenancy/tenancy.ts";
import { evacuationStrategies } from "#fleet/tenancy/tenancy.ts";
import type { Asker } from "#fleet/lifecycle/lifecycle.ts";
import type { PlanAction } from "#fleet/lifecycle/plan.ts";
import { fail, ok } from "#proto/vocabulary/result.ts";
import { ann, ben, drainAction } from "#test/support/drain-builders.ts";
import { type ExecutorWorld, openExecutorWorld } from "#test/support/executor-world.ts";
import { planIdOf } from "#test/support/life-builders.ts";
import { watchInvariants } from "#test/support/life-invariants.ts";
import { fc } from "#test/support/properties.ts";
import { noFaults } from "#test/support/simulated-host-port.ts";
import { ExecutorKilled } from "./fail-points.ts";

/** What people, hosts and the world may do, in any order. */
const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("start" as const),
      action: fc.oneof(
        fc.record({
          kind: fc.constant("drain" as const),
          drain: fc.constantFrom("planned", "degraded", "emergency"),
          deadlineMs: fc.constantFrom(60_000, 600_000, 7_200_000),
          force: fc.boolean(),
          graceMs: fc.constantFrom(0, 30_000),
        }),
        fc.constant({ kind: "reboot" as const, graceMs: 10_000 }),
        fc.constant({ kind: "return" as const }),
      ),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      ms: fc.constantFrom(100, 1_000, 15_000, 61_000, 600_000, 3_600_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("cancel", "pause", "resume", "resume") }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("hold", "release", "uncordon", "uncordon") }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("end-lease", "restart", "kill"),
      nth: fc.nat(20),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("faults" as const),
      loss: fc.constantFrom(0, 0.2, 0.5),
      duplicate: fc.constantFrom(0, 0.4),
      delayMs: fc.constantFrom(0, 5_000, 90_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("claim" as const),
      evacuation: fc.constantFrom(...evacuationStrategies),
      notice: fc.constantFrom("none", "hour"),
    }),
  },
  // What goes wrong is mostly mended again.
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("link", "lead", "room"),
      isWell: fc.constantFrom(true, true, false),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom("late", "work"),
      stopMs: fc.constantFrom(1_000, 900_000, Infinity),
    }),
  },
);
type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;

const two: Asker = { ...ann, approvedBy: "ben" };

async function happen(world: ExecutorWorld, what: Event): Promise<void> {
  const { lifecycle, inventory, tenancy } = world.life.manager();
  const [open] = await world.life.store.lifecycle.listOpenOperations();
  const host = await inventory.host(world.hostId);
  if (host === undefined) return;
  const truth = world.port.host(world.hostId);
  const { hostId } = world;
  switch (what.do) {
    case "start": {
      const action: PlanAction =
        what.action.kind === "drain" ? drainAction(what.action) : what.action;
      await lifecycle.start({ hostId, action, planId: planIdOf(1), asker: two });
      return;
    }
    case "cancel":
    case "pause":
    case "resume":
      if (open !== undefined) await lifecycle[what.do](open.id, ben);
      return;
    case "hold":
      await lifecycle.addHold(
        { hostId, kind: "protect", expiresMs: null, reviewMs: null, forWhom: null },
        ann,
      );
      return;
    case "release":
    case "uncordon": {
      const kind = what.do === "release" ? "protect" : "cordon";
      const hold = lifecycle.view(host).holds.find((known) => known.kind === kind);
      if (hold !== undefined) await lifecycle.releaseHold(hold.id, ann);
      return;
    }
    case "link":
      return world.setConnected(what.isWell);
    case "faults":
      world.port.faults = what;
      return;
    case "claim": {
      const facts: Partial<LeaseRecord> = { evacuation: what.evacuation, notice: what.notice };
      await world.lease(facts).catch(() => {});
      return;
    }
    case "end-lease": {
      const [lease] = tenancy.leasesOf(hostId);
      if (lease !== undefined) await tenancy.end(lease.id, "acme");
      return;
    }
    case "restart":
      return world.restart();
    case "kill": {
      let left = what.nth;
      world.failPoint = (name) => {
        left -= 1;
        if (left > 0) return;
        world.failPoint = () => {};
        world.life.clock.after(20_000, () => void world.restart());
        throw new ExecutorKilled(name);
      };
      return;
    }
    case "lead":
      world.isLeading = what.isWell;
      return;
    case "room":
      world.reserve = async () =>
        what.isWell
          ? ok("there is room")
          : fail([
              {
                code: "capacity",
                words: "no room",
                who: "an operator",
                command: null,
                untilMs: null,
              },
            ]);
      return;
    case "late":
      world.port.tell(hostId, {
        operationId: open?.id ?? (planIdOf(7) as never),
        epoch: Math.max(0, (open?.epoch ?? host.epoch) - 1),
        state: "ended",
        workloads: [],
        observedMs: world.life.clock.nowUnixMs(),
      });
      return;
    case "work":
      // A host that is fenced takes no new work; one that is not may.
      if (!truth.isFenced && truth.workloads.size < 5)
        truth.workloads.set(`w${truth.workloads.size}`, {
          isRunning: true,
          stopMs: what.stopMs,
          wasStopped: false,
        });
      return;
    case "wait":
      return world.life.clock.advance(what.ms);
  }
}

test("whatever people, hosts and the network do, the rules of the lifecycle hold", async () => {
  let drained = 0;
  let canceled = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.array(event, { minLength: 6, maxLength: 40, size: "max" }),
      async (seed, events) => {
        const world = await openExecutorWorld({ seed });
        try {
          const rules = watchInvariants(world);
          for (const what of events) {
            await happen(world, what);
            await world.life.clock.settle();
            await rules.check();
          }
          world.failPoint = () => {};
          world.port.faults = noFaults;
          world.isLeading = true;
          world.setConnected(true);
          await world.restart();
          await world.life.clock.advance(11 * 60_000);
          await rules.checkParked();
          const past = await world.life.store.lifecycle.listOperations({
            hostId: world.hostId,
            before: null,
            limit: 100,
          });
          drained += past.filter(
            ({ kind, status }) => kind === "drain" && status === "done",
          ).length;
          canceled += past.filter(({ status }) => status === "canceled").length;
        } finally {
          await world.close();
        }
      },
    ),
    { numRuns: Number(process.env["WWS_LIFE_RUNS"] ?? 120) },
  );
  // Stories that never get anywhere would prove nothing.
  expect(drained).toBeGreaterThan(5);
  expect(canceled).toBeGreaterThan(5);
}, 1_200_000);
