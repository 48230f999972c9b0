import type { Verdict } from "#fleet/health/verdict.ts";
import type { OperationKind } from "#fleet/inventory/running-operation.ts";
import type { PlanAction } from "#fleet/lifecycle/plan.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf, hostRecord } from "#test/support/inventory-builders.ts";
import { auditEntry, operationIdOf, operationRecord } from "#test/support/life-builders.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { VirtualClock } from "#test/support/virtual-clock.ts";
import { createAsking } from "./asking.ts";
import type { FleetNetwork } from "./fleet-network.ts";
import type { StoreWitness } from "./store-witness.ts";

const minute = 60_000;
const hour = 60 * minute;
/** Numbers of hosts that nobody else has. */
const numbersFrom = 5_000_000;
/** More would be another fleet. */
const hostsMax = 40;

/**
 * Machines on the bench that failed their inspection or burn-in under an earlier release, are taken over
 * in quarantine with their journal (or without it), and are cleared; what else people try on them is none
 * of it possible. Nothing in this release puts a host into quarantine by itself.
 */
export function createQuarantines(parts: {
  readonly network: FleetNetwork;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly store: () => StoreWitness;
}): { act(): void } {
  const { network, clock, random } = parts;
  const { anyManager, ask, askerOf, planAndApply } = createAsking(parts);
  const hosts: HostId[] = [];

  const takeOver = async (): Promise<void> => {
    const manager = anyManager();
    if (manager === undefined || hosts.length >= hostsMax) return;
    const number = numbersFrom + hosts.length + 1;
    const record = hostRecord(number, {
      id: hostIdOf(number),
      name: `bench-${hosts.length + 1}`,
      phase: "quarantined",
      serial: `SN${number}`,
    });
    const { id, name } = record;
    hosts.push(id);
    network.add(record, number);
    const asker = askerOf("failed on the bench");
    if (random.chance(0.4)) network.setVerdict(id, "failing");
    const isAdded = await ask(manager, { verb: "add", hostIds: [id], asker }, () =>
      manager.inventory.addHost(record),
    );
    if (!isAdded || random.chance(0.15)) return;
    const nowMs = unixMs(clock.nowUnixMs());
    const kind = random.pick<OperationKind>(["inspect", "burnin"]);
    const failed = operationRecord(number, {
      id: operationIdOf(number),
      hostId: id,
      kind,
      status: "failed",
      fromPhase: "new",
      step: "compare",
      startedMs: nowMs,
      stepSinceMs: nowMs,
      progressMs: nowMs,
      endedMs: nowMs,
      detail: { kind: "other" },
    });
    await parts.store().takeOver({
      term: manager.life.term(),
      operations: [{ record: failed, expectedVersion: 0 }],
      audit: auditEntry("operation.import", {
        atMs: nowMs,
        subject: { kind: "host", id, name, serial: record.serial, rack: null },
      }),
    });
  };
  const some = (): HostId | undefined => hosts[random.below(hosts.length)];
  const clear = async (): Promise<void> => {
    const hostId = some();
    if (hostId !== undefined) await planAndApply({ kind: "clear" }, [hostId], "the part is new");
  };
  /** A part of it is broken, or was swapped. */
  const look = (): Promise<void> => {
    const hostId = some();
    if (hostId !== undefined)
      network.setVerdict(hostId, random.pick<Verdict>(["ok", "degraded", "failing", "failed"]));
    return Promise.resolve();
  };
  /** What no host in quarantine is there for. */
  const tryOther = async (): Promise<void> => {
    const hostId = some();
    const action = random.pick<PlanAction>([
      { kind: "return" },
      { kind: "drain", drain: "planned", deadlineMs: hour, force: false, graceMs: 0 },
      { kind: "reboot", graceMs: 0 },
    ]);
    if (hostId !== undefined) await planAndApply(action, [hostId], "try it");
  };

  return {
    act() {
      const draw = random.next();
      const deed = draw < 0.3 ? takeOver : draw < 0.6 ? clear : draw < 0.85 ? look : tryOther;
      // The same machine is wanted back soon after it came.
      if (deed === takeOver)
        clock.after(2 * minute + random.below(20 * minute), () => {
          clear().catch(() => {});
        });
      deed().catch(() => {});
    },
  };
}
