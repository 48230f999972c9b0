import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { VirtualClock } from "#test/support/virtual-clock.ts";
import { createAsking, personNames } from "./asking.ts";
import type { FleetNetwork } from "./fleet-network.ts";
import type { SimulatedManager } from "./simulated-manager.ts";

/** People who stop everything that changes a host, and lift that again: by two. */
export interface Freezes {
  act(): void;
  /** Whatever stands is lifted by two of them. */
  lift(): Promise<void>;
}

const minute = 60_000;
/** Who wants it lifted asks again and again, until somebody has agreed. */
const liftTriesMax = 60;

export function createFreezes(parts: {
  readonly network: FleetNetwork;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
}): Freezes {
  const { network, clock, random } = parts;
  const { askerOf, ask } = createAsking(parts);
  const running = (): readonly SimulatedManager[] =>
    network.managers().filter((one) => one.state() === "running");
  /** Whoever sees smoke does not ask which manager leads. */
  const anyOf = (managers: readonly SimulatedManager[]): SimulatedManager | undefined =>
    random.chance(0.3)
      ? managers[random.below(managers.length)]
      : (managers.find(({ life }) => life.isLeader()) ?? managers[0]);

  const askLift = (manager: SimulatedManager, name?: string): Promise<boolean> => {
    const drawn = askerOf("seen it too");
    const asker = { ...drawn, name: name ?? drawn.name };
    return ask(manager, { verb: "unfreeze", hostIds: [], asker }, () =>
      manager.life.freeze.lift(asker.name, asker.reason, false),
    );
  };
  const isLifted = (): boolean =>
    running().some(({ life }) => life.isLeader() && life.freeze.freeze() === null);
  const liftLater = (inMs: number, triesLeft: number): void => {
    clock.after(inMs, () => {
      const manager = anyOf(running());
      if (triesLeft <= 0 || (manager !== undefined && isLifted())) return;
      if (manager !== undefined) void askLift(manager);
      liftLater(20_000 + random.below(3 * minute), triesLeft - 1);
    });
  };

  return {
    act() {
      const manager = anyOf(running());
      if (manager === undefined) return;
      const asker = askerOf("smoke in a row");
      void ask(manager, { verb: "freeze", hostIds: [], asker }, async () => {
        await manager.life.freeze.begin(asker.name, asker.reason);
        return { ok: true };
      });
      liftLater(random.pick([2, 5, 12, 30]) * minute, liftTriesMax);
    },
    async lift() {
      for (const name of personNames.slice(0, 2)) {
        const manager = running().find(({ life }) => life.isLeader()) ?? running()[0];
        if (manager !== undefined && manager.life.freeze.freeze() !== null)
          await askLift(manager, name);
      }
    },
  };
}
