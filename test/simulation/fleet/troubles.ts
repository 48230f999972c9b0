import type { Verdict } from "#fleet/health/verdict.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { VirtualClock } from "#test/support/virtual-clock.ts";
import { calmWay, type FleetNetwork } from "./fleet-network.ts";
import type { Liars } from "./liars.ts";
import type { SimulatedServer } from "./simulated-server.ts";

/** What goes wrong by itself, and mostly mends again. */
export interface Troubles {
  /** Something happens to one host. */
  trouble(): void;
  /** Something happens to many: a rack, a site, the way to all. */
  disaster(): void;
  /** A host was ordered to restart. */
  goDown(server: SimulatedServer): void;
  /** Everything is mended, now. */
  calm(): void;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export function createTroubles(parts: {
  readonly network: () => FleetNetwork;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly liars: Liars;
}): Troubles {
  const { clock, random, liars } = parts;
  let isCalm = false;
  /** What ends each trouble that is under way. */
  const mending = new Set<() => void>();

  const until = (ms: number, mend: () => void): void => {
    const once = (): void => {
      if (mending.delete(once)) mend();
    };
    mending.add(once);
    clock.after(ms, once);
  };
  const server = (): SimulatedServer | undefined => {
    const { ids, server: of } = parts.network();
    const id = ids[random.below(ids.length)];
    return id === undefined ? undefined : of(id);
  };
  const off = (one: SimulatedServer, ms: number): void => {
    if (!one.isOn) return;
    one.powerOff();
    parts.network().look(one.id);
    until(ms, () => {
      one.powerOn();
      parts.network().look(one.id);
    });
  };
  const cut = (scope: string, ms: number): void => {
    parts.network().cut(scope);
    until(ms, () => parts.network().join(scope));
  };

  const kinds: readonly ((one: SimulatedServer, network: FleetNetwork) => void)[] = [
    // It restarts by itself, or loses power for long.
    (one) => off(one, 2 * minute + random.below(6 * minute)),
    (one) => off(one, random.pick([20 * minute, 5 * hour, 2 * day])),
    (one, network) => {
      one.isHung = true;
      network.look(one.id);
      until(random.below(3 * hour), () => {
        one.isHung = false;
        network.look(one.id);
      });
    },
    (one, network) => {
      const verdict = random.pick<Verdict>(["degraded", "failing", "failing", "failed"]);
      network.setVerdict(one.id, verdict);
      until(random.pick([10 * minute, 6 * hour, 3 * day]), () => network.setVerdict(one.id, "ok"));
    },
    (one, network) => {
      network.setDeaf(one.id, true);
      until(random.below(2 * hour), () => network.setDeaf(one.id, false));
    },
    (one, network) => {
      network.setMute(one.id, true);
      until(random.below(2 * hour), () => network.setMute(one.id, false));
    },
    (one) => {
      one.refusesUntilMs = clock.nowUnixMs() + random.below(6 * hour);
      until(6 * hour, () => {
        one.refusesUntilMs = 0;
      });
    },
    (one) => cut(one.id, random.below(hour)),
    // Something refuses to stop from now on, for some time.
    (one) => {
      const [workload] = one.workloads.values();
      if (workload === undefined) return;
      const { stopMs } = workload;
      workload.stopMs = Infinity;
      until(random.below(day), () => {
        workload.stopMs = Number.isFinite(stopMs) ? stopMs : 60_000;
      });
    },
    // It says of others' operations that they are over, and what would run there; and a term from nowhere.
    (one, network) => {
      until(liars.lastsMs(), liars.begin(one));
      void (async () => {
        const [manager] = network.managers();
        const drained = (await manager?.inventory.hosts())?.filter(
          ({ op }) => op?.kind === "drain",
        );
        // While a host is emptied its word on that is believed; another's must not be.
        const busy = drained?.find(({ op }) => op?.step === "evacuate") ?? drained?.[0];
        if (busy?.op === null || busy === undefined) return;
        network.gossip(one.id, {
          operationId: busy.op.id,
          epoch: busy.op.epoch,
          state: "ended",
          workloads: [{ name: one.nameOf("lie"), state: "running", detail: "" }],
          observedMs: clock.nowUnixMs(),
        });
        network.managers()[0]?.life.safeMode.told(one.id, 1_000_000_000 + random.below(1_000));
      })();
    },
  ];

  return {
    trouble() {
      const one = server();
      if (one === undefined || isCalm) return;
      kinds[random.below(kinds.length)]?.(one, parts.network());
    },
    disaster() {
      if (isCalm) return;
      const network = parts.network();
      const { racks, sites } = network.scopes();
      const draw = random.next();
      if (draw < 0.55) cut(racks[random.below(racks.length)] ?? "", random.below(2 * hour));
      else if (draw < 0.65) cut(sites[random.below(sites.length)] ?? "", random.below(hour));
      else {
        network.setFaults({
          loss: random.pick([0, 0.05, 0.3]),
          duplicate: random.pick([0, 0.3]),
          delayMs: random.pick([500, 20_000, 90_000]),
        });
        until(random.below(4 * hour), () => network.setFaults(calmWay));
      }
    },
    goDown(one) {
      // One in fifty does not come back by itself for long.
      const ms = !isCalm && random.chance(0.02) ? 3 * hour : 2 * minute + random.below(5 * minute);
      off(one, ms);
    },
    calm() {
      isCalm = true;
      for (const mend of [...mending]) mend();
    },
  };
}
