import type { Asker } from "#fleet/lifecycle/lifecycle.ts";
import type { PlanAction, PlanRecord } from "#fleet/lifecycle/plan.ts";
import type { HostId, OperationId } from "#proto/vocabulary/ids.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { VirtualClock } from "#test/support/virtual-clock.ts";
import type { FleetNetwork } from "./fleet-network.ts";
import type { SimulatedManager } from "./simulated-manager.ts";

export const personNames = ["ada", "ben", "cho", "dee"] as const;

/** How people ask for something; whom and which manager they are is drawn. */
export interface Asking {
  askerOf(reason: string, isTwo?: boolean): Asker;
  /** Mostly the one that leads; now and then another, as people do not know who that is. */
  anyManager(): SimulatedManager | undefined;
  /** Says what was asked for, and how it was answered; false: refused, or by nobody. */
  ask(
    manager: SimulatedManager,
    what: {
      readonly verb: string;
      readonly hostIds: readonly HostId[];
      readonly asker: Asker;
      readonly operationId?: OperationId;
    },
    run: () => Promise<{ readonly ok: boolean }>,
  ): Promise<boolean>;
  /** Two people plan it and apply it at once. */
  planAndApply(action: PlanAction, hostIds: readonly HostId[], reason: string): Promise<void>;
}

export function createAsking(parts: {
  readonly network: FleetNetwork;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
}): Asking {
  const { network, clock, random } = parts;

  const askerOf: Asking["askerOf"] = (reason, isTwo = false) => {
    const name = random.pick(personNames);
    const second = personNames.find((other) => other !== name);
    return {
      name,
      kind: "person",
      reason,
      ...(isTwo && second !== undefined ? { approvedBy: second } : {}),
    };
  };
  const anyManager: Asking["anyManager"] = () => {
    const running = network.managers().filter((one) => one.state() === "running");
    const leading = running.find(({ life }) => life.isLeader());
    return random.chance(0.05) ? running[random.below(running.length)] : (leading ?? running[0]);
  };
  const ask: Asking["ask"] = (manager, what, run) => {
    const { asker, ...facts } = what;
    const seen = { ...facts, by: asker.name, approvedBy: asker.approvedBy ?? null };
    network.see({ kind: "asked", atMs: clock.nowUnixMs(), ...seen });
    return run().then(
      ({ ok }) => {
        if (manager.state() === "dead") return false;
        const answer = ok ? ("ok" as const) : ("refused" as const);
        network.see({ kind: "asked", atMs: clock.nowUnixMs(), ...seen, answer });
        return ok;
      },
      () => false,
    );
  };
  return {
    askerOf,
    anyManager,
    ask,
    async planAndApply(action, hostIds, reason) {
      const manager = anyManager();
      if (manager === undefined) return;
      const { plans } = manager.life;
      const asker = askerOf(reason, true);
      const second = { ...asker, name: asker.approvedBy ?? asker.name };
      let made: PlanRecord | undefined;
      await ask(manager, { verb: `plan ${action.kind}`, hostIds, asker }, async () => {
        const planned = await plans.plan({ action, selector: "drawn", hostIds, asker });
        if (planned.ok) made = planned.value;
        return planned;
      });
      const plan = made;
      if (plan === undefined) return;
      await ask(manager, { verb: `apply ${action.kind}`, hostIds, asker: second }, () =>
        plans.apply(plan.id, plan.hash, second),
      );
    },
  };
}
