import { findCandidates, type PowerWorld } from "./power-candidates.ts";
import type { PowerCandidate, RedfishPower } from "./redfish-facts.ts";
import type { Resource } from "./resource.ts";
import type { RedfishTree } from "./tree.ts";

/** What the supplies give is beyond measurement's doubt more than the total. */
const contradictionShare = 0.5;
const contradictionWattsMin = 30;
/** Limits that mean none: PR 172 of check_redfish, and all bits set. */
const noLimits: ReadonlySet<number> = new Set([0, 32_767, 65_535]);

/**
 * One total with its source. Figures of several chassis are never added up: a module's watts are in
 * its chassis' already. A total that its own supplies contradict is none.
 */
export function readPower(tree: RedfishTree, world: PowerWorld): RedfishPower {
  const found = findCandidates(tree, world);
  const candidates: PowerCandidate[] = found.map(
    ({ entry: _, rank: __, ...candidate }) => candidate,
  );
  const best = found
    .filter(({ notBelieved }) => notBelieved === null)
    .sort((one, other) => one.rank - other.rank)[0];
  if (best === undefined) {
    const reason =
      candidates[0] === undefined
        ? "no resource says what it draws"
        : `${candidates[0].watts} W at ${candidates[0].path}: ${candidates[0].notBelieved}`;
    return { ...nothing, reason, candidates };
  }
  const contradiction = best.source === "supplies-input" ? null : contradictedBy(best.watts, world);
  if (contradiction !== null) {
    best.entry?.notes.add(best.path, "contradiction", contradiction);
    return {
      ...nothing,
      reason: contradiction,
      candidates: candidates.map((candidate) =>
        candidate.path === best.path ? { ...candidate, notBelieved: contradiction } : candidate,
      ),
    };
  }
  const control = best.source === "power-control" ? best.entry : null;
  return {
    totalWatts: best.watts,
    source: best.source,
    path: best.path,
    reason: null,
    ...readMetrics(control),
    candidates,
  };
}

function readMetrics(
  control: Resource | null,
): Pick<RedfishPower, "averageWatts" | "minWatts" | "maxWatts" | "intervalMinutes" | "limitWatts"> {
  const metrics = control?.child("PowerMetrics") ?? null;
  const watts = (key: string): number | null => metrics?.plausible(key, 0, 1_000_000) ?? null;
  const interval = metrics?.plausible("IntervalInMin", 0, 10_000_000) ?? null;
  const limit = control?.child("PowerLimit")?.number("LimitInWatts") ?? null;
  return {
    averageWatts: watts("AverageConsumedWatts"),
    minWatts: watts("MinConsumedWatts"),
    maxWatts: watts("MaxConsumedWatts"),
    intervalMinutes: interval === 0 ? null : interval,
    limitWatts: limit === null || noLimits.has(limit) ? null : limit,
  };
}

/** Each supply repeating the whole is no contradiction. */
function contradictedBy(watts: number, { supplies }: PowerWorld): string | null {
  const given = supplies.flatMap(({ supply }) =>
    supply.isPresent === true && supply.outputWatts !== null ? [supply.outputWatts] : [],
  );
  if (given.length === 0) return null;
  if (given.every((one) => Math.abs(one - watts) <= Math.max(watts * 0.2, 5))) return null;
  const sum = given.reduce((total, one) => total + one, 0);
  if (watts >= sum * contradictionShare || sum - watts < contradictionWattsMin) return null;
  return `it says ${watts} W, yet its supplies give ${Math.round(sum)} W: they may serve others too`;
}

const nothing = {
  totalWatts: null,
  source: null,
  path: null,
  averageWatts: null,
  minWatts: null,
  maxWatts: null,
  intervalMinutes: null,
  limitWatts: null,
} as const;
