import type { HostId, TenantId } from "#proto/vocabulary/ids.ts";
import {
  type EvacuationStrategy,
  evacuationStrategies,
  type LeaseRecord,
} from "#fleet/tenancy/tenancy.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { VirtualClock } from "#test/support/virtual-clock.ts";
import type { Seen } from "../invariants/seen.ts";
import type { FleetNetwork } from "./fleet-network.ts";

/** Who leases hosts, runs something there, and gives them back. */
export interface Tenants {
  act(): void;
  /** What was written of leases: work begins on a host, or leaves it. */
  heed(seen: Seen): void;
}

const minute = 60_000;
const tenantsMax = 24;

export function createTenants(parts: {
  readonly network: FleetNetwork;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
}): Tenants {
  const { network, clock, random } = parts;
  const tenants: TenantId[] = [];
  let asked = 0;
  const leases = new Map<string, LeaseRecord>();

  const leader = () =>
    network.managers().find((one) => one.state() === "running" && one.life.isLeader());
  const workOf = (lease: LeaseRecord): string | undefined =>
    network.server(lease.hostId)?.nameOf(`lease-${lease.id.slice(-12)}`);
  const stopMs = (): number =>
    random.pick([
      1_000,
      5_000,
      20_000,
      60_000,
      10 * minute,
      random.chance(0.3) ? Infinity : 4 * 60 * minute,
    ]);

  const claim = async (hostId: HostId): Promise<void> => {
    const manager = leader();
    const tenantId = tenants[random.below(tenants.length)];
    if (manager === undefined || tenantId === undefined) return;
    const by = `tenant ${tenants.indexOf(tenantId)}`;
    const seen = { by, approvedBy: null, verb: "claim", hostIds: [hostId] };
    network.see({ kind: "asked", atMs: clock.nowUnixMs(), ...seen });
    await manager.life.tenancy.claim({
      tenantId,
      hostId,
      share: random.pick(["exclusive", "shared", "shared"]),
      trust: random.chance(0.03) ? "rented" : "operated",
      notice: random.pick(["none", "none", "hour", "day"]),
      evacuation: random.pick<EvacuationStrategy>([...evacuationStrategies]),
      workloads: [],
      by,
    });
  };

  return {
    act() {
      const manager = leader();
      if (manager === undefined) return;
      if (asked < tenantsMax && (asked < 3 || random.chance(0.05))) {
        const name = `tenant-${asked}`;
        asked += 1;
        manager.life.tenancy.addTenant({ name, webhook: null, by: "ada" }).then(
          (added) => {
            if (added.ok) tenants.push(added.value.id);
          },
          () => {},
        );
        return;
      }
      const running = [...leases.values()];
      if (
        running.length > network.ids.length * 0.3 ||
        (running.length > 0 && random.chance(0.45))
      ) {
        const one = running[random.below(running.length)];
        if (one !== undefined) manager.life.tenancy.end(one.id, "its tenant").catch(() => {});
        return;
      }
      const hostId = network.ids[random.below(network.ids.length)];
      if (hostId !== undefined) claim(hostId).catch(() => {});
    },
    heed(seen) {
      if (seen.kind === "restored") {
        leases.clear();
        for (const lease of seen.leases) leases.set(lease.id, lease);
        return;
      }
      if (seen.kind !== "written") return;
      for (const { record, expectedVersion } of seen.change.leases ?? []) {
        const name = workOf(record);
        const server = network.server(record.hostId);
        if (name === undefined || server === undefined) continue;
        if (record.endedMs !== null) {
          leases.delete(record.id);
          clock.after(2_000, () => server.end(name));
        } else if (expectedVersion === 0) {
          leases.set(record.id, record);
          const takesMs = stopMs();
          clock.after(3_000, () => {
            if (leases.has(record.id)) server.begin(name, takesMs);
          });
        }
      }
    },
  };
}
