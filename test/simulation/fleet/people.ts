import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { holdKinds } from "#fleet/lifecycle/hold.ts";
import type { DrainKind, OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { PlanAction, PlanRecord } from "#fleet/lifecycle/plan.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { VirtualClock } from "#test/support/virtual-clock.ts";
import { createAsking } from "./asking.ts";
import type { FleetNetwork } from "./fleet-network.ts";
import type { SimulatedManager } from "./simulated-manager.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Who works on this fleet, and changes their mind. Each deed is one thing that one person asks for. */
export interface People {
  /** One deed, drawn. */
  act(): void;
  /** They look at alarms, and at what waits for a person. */
  lookAround(): void;
  /** Two of them look at a restored store. */
  acknowledgeStore(): Promise<void>;
}

export function createPeople(parts: {
  readonly network: FleetNetwork;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly largestPlan: number;
}): People {
  const { network, clock, random, largestPlan } = parts;
  const { askerOf, anyManager, ask } = createAsking(parts);
  const anyHost = (): HostId | undefined => network.ids[random.below(network.ids.length)];

  /** Plans, looks a while and applies; now and then twice, or somebody else does too. */
  const planFor = async (
    manager: SimulatedManager,
    action: PlanAction,
    hostIds: readonly HostId[],
  ): Promise<void> => {
    const asker = askerOf(`${action.kind} as asked`, random.chance(0.9));
    const { plans } = manager.life;
    let plan: PlanRecord | undefined;
    const isPlanned = await ask(
      manager,
      { verb: `plan ${action.kind}`, hostIds, asker },
      async () => {
        const planned = await plans.plan({ action, selector: "drawn", hostIds, asker });
        if (planned.ok) plan = planned.value;
        return planned;
      },
    );
    if (!isPlanned || plan === undefined || random.chance(0.03)) return;
    const made = plan;
    const apply = (): void => {
      const now = random.chance(0.9) ? manager : anyManager();
      if (now === undefined) return;
      const hash = random.chance(0.02) ? "0".repeat(64) : made.hash;
      void ask(now, { verb: `apply ${action.kind}`, hostIds, asker }, () =>
        now.life.plans.apply(made.id, hash, asker),
      );
    };
    clock.after(random.chance(0.02) ? 25 * hour : 1_000 + random.below(30_000), apply);
    if (random.chance(0.1)) clock.after(40_000, apply);
    const control = (): void => void controlPlan(made);
    if (random.chance(0.25)) clock.after(random.below(3 * hour), control);
    if (random.chance(0.1)) clock.after(random.below(6 * hour), control);
  };

  const controlPlan = async (plan: PlanRecord): Promise<void> => {
    const manager = anyManager();
    if (manager === undefined) return;
    const verb = random.pick<"pause" | "cancel" | "resume">(["pause", "cancel", "resume", "pause"]);
    const asker = askerOf("changed my mind", random.chance(0.8));
    const hostIds = plan.hosts.map(({ hostId }) => hostId);
    await ask(manager, { verb: `${verb} plan`, hostIds, asker }, () =>
      manager.life.plans[verb](plan.id, asker),
    );
    if (verb !== "pause") return;
    clock.after(random.below(2 * hour), () => {
      const later = anyManager();
      const again = askerOf("go on", true);
      if (later !== undefined)
        void ask(later, { verb: "resume plan", hostIds, asker: again }, () =>
          later.life.plans.resume(plan.id, again),
        );
    });
  };

  const drainAction = (): PlanAction => {
    const drain = random.pick<DrainKind>(["planned", "planned", "degraded", "emergency"]);
    return {
      kind: "drain",
      drain,
      deadlineMs: random.pick([20 * minute, 2 * hour, 12 * hour, 3 * day]),
      force: random.chance(0.2),
      graceMs: random.pick([0, 30_000, 5 * minute]),
    };
  };
  const someHosts = (count: number): readonly HostId[] => {
    const ids = new Set<HostId>();
    for (let draw = 0; draw < count; draw += 1) {
      const id = anyHost();
      if (id !== undefined) ids.add(id);
    }
    return [...ids];
  };
  const hostsOfScope = (hosts: readonly HostRecord[]): readonly HostId[] => {
    const one = hosts[random.below(hosts.length)]?.position;
    if (one === null || one === undefined) return [];
    const by = random.pick(["site", "row", "rack"]);
    return hosts
      .filter(
        ({ position, phase, watchedOnly }) =>
          position?.site === one.site &&
          (by === "site" || position.row === one.row) &&
          (by !== "rack" || position.rack === one.rack) &&
          phase === "active" &&
          !watchedOnly,
      )
      .slice(0, largestPlan)
      .map(({ id }) => id);
  };

  const openOperation = async (manager: SimulatedManager): Promise<OperationRecord | undefined> => {
    const hosts = await manager.inventory.hosts();
    const busy = hosts.filter(({ op }) => op !== null);
    const id = busy[random.below(busy.length)]?.op?.id;
    return id === undefined ? undefined : manager.life.lifecycle.operation(id);
  };
  const control = async (manager: SimulatedManager): Promise<void> => {
    const operation = await openOperation(manager);
    if (operation === undefined) return;
    const { lifecycle } = manager.life;
    const hostIds = [operation.hostId];
    const about = { hostIds, operationId: operation.id };
    const verb = random.pick<"pause" | "cancel" | "resume">([
      "cancel",
      "pause",
      "resume",
      "resume",
    ]);
    const asker = askerOf("changed my mind");
    await ask(manager, { verb, ...about, asker }, () => lifecycle[verb](operation.id, asker));
  };

  const hold = async (manager: SimulatedManager): Promise<void> => {
    const hostId = anyHost();
    if (hostId === undefined) return;
    const { lifecycle } = manager.life;
    const kind = random.pick(holdKinds.filter((one) => one !== "fault") as ["cordon"]);
    const asker = askerOf("let it be");
    const nowMs = clock.nowUnixMs();
    await ask(manager, { verb: `hold ${kind}`, hostIds: [hostId], asker }, () =>
      lifecycle.addHold(
        {
          hostId,
          kind,
          expiresMs: random.chance(0.5) ? unixMs(nowMs + random.below(2 * day)) : null,
          reviewMs: null,
          forWhom: null,
        },
        asker,
      ),
    );
  };
  /** Cordons that nobody needs any more, and other holds of people, are let go. */
  const release = async (manager: SimulatedManager): Promise<void> => {
    const hosts = await manager.inventory.hosts();
    const from = random.below(hosts.length);
    for (let step = 0; step < Math.min(hosts.length, 400); step += 1) {
      const host = hosts[(from + step) % hosts.length];
      const held = host && manager.life.lifecycle.view(host).holds;
      const one = held?.find(({ kind }) => kind !== "fault");
      if (host === undefined || one === undefined) continue;
      const asker = askerOf("no longer needed");
      await ask(manager, { verb: "release", hostIds: [host.id], asker }, () =>
        manager.life.lifecycle.releaseHold(one.id, asker),
      );
      return;
    }
  };
  const bringBack = async (manager: SimulatedManager): Promise<void> => {
    const hosts = await manager.inventory.hosts();
    const drained = hosts.filter(({ phase, op }) => phase === "drained" && op === null);
    const from = random.below(Math.max(1, drained.length));
    const ids = drained.slice(from, from + 1 + random.below(20)).map(({ id }) => id);
    if (ids.length > 0) await planFor(manager, { kind: "return" }, ids);
  };
  const manage = async (manager: SimulatedManager): Promise<void> => {
    const hostId = anyHost();
    const host = hostId && (await manager.inventory.host(hostId));
    if (!host) return;
    const asker = askerOf("it is ours now");
    const verb = host.watchedOnly ? "manage" : "watch";
    await ask(manager, { verb, hostIds: [host.id], asker }, () =>
      manager.life.lifecycle.setWatchedOnly(host.id, !host.watchedOnly, asker),
    );
  };
  const nonsense = async (manager: SimulatedManager): Promise<void> => {
    const hostId = anyHost();
    if (random.chance(0.5)) return planFor(manager, { kind: "reboot", graceMs: 0 }, []);
    if (hostId !== undefined) await planFor(manager, { kind: "clear" }, [hostId]);
  };
  /** As the API does: only a host without lease and operation; its id never comes back. */
  const forget = async (manager: SimulatedManager): Promise<void> => {
    const hostId = anyHost();
    const host = hostId && (await manager.inventory.host(hostId));
    if (!host || host.op !== null || manager.life.tenancy.leasesOf(host.id).length > 0) return;
    const asker = askerOf("not ours");
    await ask(manager, { verb: "remove", hostIds: [host.id], asker }, async () => ({
      ok: (await manager.inventory.remove(host.id)) === "removed",
    }));
    if (!random.chance(0.9)) return;
    const { id, name, phase, position, simulated, adopted, watchedOnly, serial } = host;
    await ask(manager, { verb: "add again", hostIds: [id], asker }, () =>
      manager.inventory.addHost({
        id,
        name,
        phase,
        position,
        simulated,
        adopted,
        watchedOnly,
        serial,
      }),
    );
  };

  const deeds: readonly (readonly [number, (manager: SimulatedManager) => Promise<void>])[] = [
    [10, (manager) => planFor(manager, drainAction(), someHosts(1 + random.below(3)))],
    [
      3,
      async (manager) =>
        planFor(
          manager,
          { kind: "reboot", graceMs: 30_000 },
          hostsOfScope(await manager.inventory.hosts()),
        ),
    ],
    [4, (manager) => planFor(manager, { kind: "reboot", graceMs: 10_000 }, someHosts(4))],
    [8, bringBack],
    [10, control],
    [4, hold],
    [9, release],
    [2, manage],
    [1, nonsense],
    [0.2, forget],
  ];
  const total = deeds.reduce((sum, [weight]) => sum + weight, 0);

  return {
    act() {
      const manager = anyManager();
      if (manager === undefined) return;
      let draw = random.next() * total;
      for (const [weight, deed] of deeds) {
        draw -= weight;
        if (draw > 0) continue;
        deed(manager).catch(() => {});
        return;
      }
    },
    lookAround() {
      const manager = anyManager();
      if (manager === undefined) return;
      const asker = askerOf("looked at it");
      for (const event of manager.life.domains.open())
        if (clock.nowUnixMs() - event.raisedMs > 20 * minute && random.chance(0.5))
          void ask(manager, { verb: "acknowledge", hostIds: event.lost, asker }, () =>
            manager.life.domains.acknowledge(event.id, asker),
          );
      void seeOff(manager);
    },
    async acknowledgeStore() {
      for (const name of ["ada", "ben"]) {
        const manager = network.managers().find(({ life }) => life.isLeader());
        await manager?.life.safeMode.acknowledge(name, "looked at the difference");
      }
    },
  };

  /** Hosts that are really off, and wait for somebody's word. */
  async function seeOff(manager: SimulatedManager): Promise<void> {
    for (const host of await manager.inventory.hosts()) {
      if (host.op === null) continue;
      const { kind, id } = host.op;
      const server = network.server(host.id);
      if (server === undefined || server.isOn) continue;
      if ((kind !== "drain" && kind !== "return") || !random.chance(0.1)) continue;
      const asker = askerOf("stood before it");
      const serial = random.chance(0.9) ? server.serial : "SN0";
      await ask(manager, { verb: "confirm-off", hostIds: [host.id], operationId: id, asker }, () =>
        manager.life.lifecycle.confirmOff(id, serial, asker),
      );
    }
  }
}
