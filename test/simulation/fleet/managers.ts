import type { Log } from "#proto/vocabulary/log.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { VirtualClock } from "#test/support/virtual-clock.ts";
import type { Seen } from "../invariants/seen.ts";
import type { FleetNetwork } from "./fleet-network.ts";
import { openSimulatedManager, type SimulatedManager } from "./simulated-manager.ts";
import type { StoreWitness } from "./store-witness.ts";

/** The managers of the cell, and what becomes of them. */
export interface Managers {
  begin(): Promise<void>;
  /** One dies at some call, or stands still for minutes to hours, or its clock leaps; or a second comes. */
  disturb(): void;
  killAll(): void;
  /** All that stand still go on, and one at least runs; clocks are right. */
  calm(): Promise<void>;
}

const minute = 60_000;
const hour = 60 * minute;

export function createManagers(parts: {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly network: FleetNetwork;
  /** As it is when a manager starts. */
  readonly store: () => StoreWitness;
  readonly log: Log;
  readonly see: (seen: Seen) => void;
}): Managers {
  const { clock, random, network, log, see } = parts;
  let started = 0;
  const leftToLive = new Set<SimulatedManager>();
  /** What was planned for later does not come any more. */
  let isCalm = false;
  const later = (delayMs: number, run: () => void): void => {
    clock.after(delayMs, () => {
      if (!isCalm) run();
    });
  };

  const tell = (manager: string, is: "started" | "killed" | "paused" | "resumed" | "stopped") =>
    see({ kind: "manager", atMs: clock.nowUnixMs(), manager, is });

  /** One starts; where it dies young (at a call drawn) another follows it. */
  const start = async (diesAtCall: number): Promise<void> => {
    started += 1;
    const name = `manager-${started}`;
    let mine: SimulatedManager | undefined;
    tell(name, "started");
    const manager = await openSimulatedManager({
      name,
      clock,
      random: random.fork(name),
      store: parts.store(),
      network,
      log,
      diesAtCall,
      onDead() {
        tell(name, "killed");
        if (mine !== undefined) {
          network.detach(mine);
          leftToLive.delete(mine);
        }
        clock.after(3_000 + random.below(60_000), () => {
          if (network.managers().length === 0)
            void start(!isCalm && random.chance(0.2) ? 1 + random.below(60) : Infinity);
        });
      },
    });
    mine = manager;
    network.attach(manager);
    await manager.life.start();
  };

  const pause = (manager: SimulatedManager): void => {
    manager.pause();
    tell(manager.name, "paused");
    const forMs = random.pick([20_000, 5 * minute, 40 * minute, 3 * hour]);
    clock.after(forMs, () => {
      if (manager.state() !== "paused") return;
      tell(manager.name, "resumed");
      manager.resume();
    });
  };
  /** Orderly: it gives its leadership up. */
  const leave = (manager: SimulatedManager): void => {
    void manager.life.stop().then(
      () => {
        manager.kill();
      },
      () => {},
    );
  };

  return {
    begin: () => start(Infinity),
    disturb() {
      const running = network.managers().filter((one) => one.state() === "running");
      const one = running[random.below(running.length)];
      if (one === undefined) return;
      const draw = random.next();
      const hasTwo = network.managers().length > 1;
      if (draw < 0.35) one.killAtCall(1 + random.below(300));
      else if (draw < 0.6) {
        // Mostly another one is there to take over.
        if (!hasTwo && random.chance(0.8)) void start(Infinity);
        later(30_000 + random.below(10 * minute), () => pause(one));
      } else if (draw < 0.7) {
        const ms = random.pick([-hour, hour, 40_000, -40_000]);
        one.leapWall(ms);
        later(random.below(6 * hour), () => one.leapWall(-ms));
      } else if (draw < 0.85 && hasTwo) leave(one);
      else if (!hasTwo) void start(Infinity);
      // Two for long would only ask each other who leads.
      const [oldest, ...others] = network.managers();
      if (others.length > 0)
        later(2 * hour + random.below(4 * hour), () => {
          if (network.managers().length > 1) oldest?.killAtCall(1 + random.below(50));
        });
    },
    killAll() {
      for (const manager of [...network.managers()]) manager.kill();
    },
    async calm() {
      isCalm = true;
      for (const manager of network.managers()) {
        if (manager.state() === "paused") tell(manager.name, "resumed");
        manager.resume();
        manager.killAtCall(Infinity);
        manager.leapWall(-manager.wallMs());
      }
      if (network.managers().length === 0) await start(Infinity);
    },
  };
}
