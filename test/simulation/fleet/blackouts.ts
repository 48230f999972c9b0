import type { PlanAction } from "#fleet/lifecycle/plan.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Position } from "#proto/vocabulary/position.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { VirtualClock } from "#test/support/virtual-clock.ts";
import { createAsking } from "./asking.ts";
import type { FleetNetwork } from "./fleet-network.ts";

const minute = 60_000;
const hour = 60 * minute;
/** Of one place they go one after the other, and are still lost together. */
const spreadMs = 30_000;

/**
 * Many hosts of one rack, power line or site fall silent at once, and come back: of all of them, or of
 * a part. Meanwhile, and when they are back and nobody has looked yet, somebody wants something done there.
 */
export function createBlackouts(parts: {
  readonly network: FleetNetwork;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
}): { act(): void } {
  const { network, clock, random } = parts;
  const { planAndApply } = createAsking(parts);
  const anyHost = (): HostId | undefined => network.ids[random.below(network.ids.length)];

  const within = (kind: "rack" | "line" | "site", at: Position, one: Position | null): boolean => {
    if (one === null || one.site !== at.site) return false;
    if (kind === "site") return true;
    return (
      one.row === at.row && (kind === "rack" ? one.rack === at.rack : lineOf(one) === lineOf(at))
    );
  };
  const wish = async (hostIds: readonly HostId[]): Promise<void> => {
    const some: HostId[] = [];
    for (let draw = 0; draw < 4; draw += 1) {
      const id = hostIds[random.below(hostIds.length)];
      if (id !== undefined && !some.includes(id)) some.push(id);
    }
    const action: PlanAction = random.chance(0.5)
      ? { kind: "reboot", graceMs: 10_000 }
      : { kind: "drain", drain: "degraded", deadlineMs: 2 * hour, force: false, graceMs: 0 };
    if (some.length > 0) await planAndApply(action, some, "before it gets worse");
  };

  return {
    act() {
      const first = anyHost();
      const at = first === undefined ? null : (network.record(first)?.position ?? null);
      if (at === null) return;
      const kind = random.pick<"rack" | "line" | "site">(["rack", "rack", "line", "site"]);
      const there = network.ids.filter((id) =>
        within(kind, at, network.record(id)?.position ?? null),
      );
      const share = random.pick([0.3, 0.6, 1]);
      const forMs = random.pick([4 * minute, 20 * minute, 90 * minute]);
      for (const id of there.filter(() => random.chance(share))) {
        const fromMs = random.below(spreadMs);
        clock.after(fromMs, () => network.cut(id));
        clock.after(forMs + random.below(minute), () => network.join(id));
      }
      for (const afterMs of [2 * minute, 4 * minute, forMs + 3 * minute])
        clock.after(afterMs + random.below(2 * minute), () => {
          wish(there).catch(() => {});
        });
    },
  };
}

/** Three racks of a row share a line, as makeEstate has it. */
function lineOf({ rack }: Position): number {
  return Math.floor((Number(rack.slice(-2)) - 1) / 3);
}
