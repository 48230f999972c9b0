import type { OperationId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { VirtualClock } from "#test/support/virtual-clock.ts";
import type { Seen } from "../invariants/seen.ts";
import type { FleetNetwork } from "./fleet-network.ts";
import type { SimulatedServer } from "./simulated-server.ts";

/** Hosts that tell of others' evacuations what only those could know. */
export interface Liars {
  /** From now on, of each evacuation that is under way on another host, until the answer is called. */
  begin(one: SimulatedServer): () => void;
  /** For how long the next one lies. */
  lastsMs(): number;
  /** What was written of evacuations: of these is told. */
  heed(seen: Seen): void;
}

type Evacuation = Pick<OperationRecord, "id" | "epoch" | "hostId">;

const minute = 60_000;

/**
 * Operation and epoch of what they tell are right: the host alone is another. They draw from a stream
 * of their own, also for what happens to their words on the way.
 */
export function createLiars(parts: {
  readonly network: () => FleetNetwork;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
}): Liars {
  const { clock, random } = parts;
  const underWay = new Map<OperationId, Evacuation>();
  const lying = new Set<SimulatedServer>();

  const tell = (one: SimulatedServer, { id, epoch }: Evacuation): void =>
    parts.network().gossip(
      one.id,
      {
        operationId: id,
        epoch,
        state: "ended",
        workloads: [{ name: one.nameOf("lie"), state: "running", detail: "" }],
        observedMs: unixMs(clock.nowUnixMs()),
      },
      random,
    );
  const goOn = (one: SimulatedServer): void => {
    clock.after(minute + random.below(4 * minute), () => {
      if (!lying.has(one)) return;
      const others = [...underWay.values()].filter(({ hostId }) => hostId !== one.id);
      const about = others[random.below(Math.max(1, others.length))];
      if (about !== undefined) tell(one, about);
      goOn(one);
    });
  };
  const note = (operation: OperationRecord): void => {
    const { id, epoch, hostId, kind, status, step, stepState } = operation;
    const isEmptied =
      kind === "drain" && status === "running" && step === "evacuate" && stepState === "waiting";
    if (!isEmptied) return void underWay.delete(id);
    const isNews = underWay.get(id)?.epoch !== epoch;
    underWay.set(id, { id, epoch, hostId });
    if (!isNews) return;
    for (const one of lying) if (one.id !== hostId) tell(one, { id, epoch, hostId });
  };

  return {
    begin(one) {
      lying.add(one);
      for (const about of underWay.values()) if (about.hostId !== one.id) tell(one, about);
      goOn(one);
      return () => void lying.delete(one);
    },
    lastsMs: () => random.below(24 * 60 * minute),
    heed(seen) {
      if (seen.kind === "restored") {
        underWay.clear();
        for (const operation of seen.operations) note(operation);
      } else if (seen.kind === "written") for (const operation of seen.operations) note(operation);
    },
  };
}
