import type { BmcProtocol } from "./bmc-driver.ts";
import type { BootGoal } from "./boot-goal.ts";
import type { BootQuirks } from "./boot-quirks.ts";
import type { BootDevice, BootWay } from "./boot-wish.ts";
import type { ProtocolAbility } from "./boot-state.ts";

/** One way to bring the wish about. */
export interface BootApproach {
  readonly protocol: BmcProtocol;
  readonly way: BootWay;
  readonly device: BootDevice;
  /** Of a virtual medium; null: none is used. */
  readonly insertWay: string | null;
}

/**
 * Every approach that these drivers have for a goal, in the order of trying: what is known to work for
 * the class first, then each form of the first protocol, then the other protocols, then virtual media.
 * A quirk moves an approach, and takes none away.
 */
export function orderApproaches(
  goal: BootGoal,
  abilities: readonly ProtocolAbility[],
  quirks: BootQuirks,
): readonly BootApproach[] {
  if (goal.kind === "off") return [];
  const device: BootDevice = goal.kind === "imaging" ? goal.device : "none";
  const overrides = abilities.flatMap(({ protocol, bootWays }) =>
    [...new Set(bootWays)].map((way) => ({ protocol, way, device, insertWay: null })),
  );
  // A boot order cannot say that there is no override.
  const usable = overrides.filter(({ way }) => goal.kind === "imaging" || way !== "boot-order");
  const rank = ({ protocol, way }: BootApproach): number => {
    const at = quirks.ways.findIndex((wish) => wish.protocol === protocol && wish.way === way);
    return at < 0 ? quirks.ways.length : at;
  };
  const ordered = usable
    .map((approach, index) => ({ approach, index }))
    .toSorted(
      (left, right) => rank(left.approach) - rank(right.approach) || left.index - right.index,
    )
    .map(({ approach }) => approach);
  if (goal.kind !== "imaging" || goal.mediaUrl === null) return ordered;
  const media = abilities.flatMap(({ protocol, bootWays, insertWays }) => {
    const way = ordered.find((one) => one.protocol === protocol)?.way ?? bootWays[0];
    if (way === undefined || insertWays === null) return [];
    return insertWays
      .slice(0, insertWaysMax)
      .map((insertWay) => ({ protocol, way, device: "media" as const, insertWay }));
  });
  return [...ordered, ...media];
}

/** Each costs a start of the host. */
const insertWaysMax = 4;
