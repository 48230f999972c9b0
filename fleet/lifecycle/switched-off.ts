import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Loss } from "./domain-events.ts";
import type { LifeStore } from "./life-store.ts";
import { lifecycleNumbers } from "./numbers.ts";
import type { OperationRecord } from "./operation.ts";

/** Of lost hosts those that were switched off on purpose, and not heard since. */
export interface SwitchedOff {
  among(losses: readonly Loss[]): Promise<ReadonlySet<HostId>>;
}

export const nobodyOff: SwitchedOff = { among: async () => new Set() };

/** Newest operations of a host in which its power is looked for: a light may have blinked since. */
const newestMax = 5;
/** Hosts asked for at once. */
const atOnce = 50;

/** Asks once for each silence. */
export function createSwitchedOff(store: Pick<LifeStore, "listOperations">): SwitchedOff {
  let known = new Map<HostId, { readonly sinceMs: number; readonly isOff: boolean }>();

  const look = async ({ host, silentSinceMs }: Loss): Promise<void> => {
    const newest = await store.listOperations({ hostId: host.id, before: null, limit: newestMax });
    const last = newest.find(({ kind }) => kind === "power");
    const isOff = last !== undefined && wasSwitchedOff(last, silentSinceMs);
    known.set(host.id, { sinceMs: silentSinceMs, isOff });
  };

  return {
    async among(losses) {
      const lost = new Set(losses.map(({ host }) => host.id));
      known = new Map([...known].filter(([id]) => lost.has(id)));
      const unasked = losses.filter(
        (loss) => known.get(loss.host.id)?.sinceMs !== loss.silentSinceMs,
      );
      for (let from = 0; from < unasked.length; from += atOnce)
        await Promise.all(unasked.slice(from, from + atOnce).map(look));
      return new Set([...known].flatMap(([id, { isOff }]) => (isOff ? [id] : [])));
    },
  };
}

/** One that was heard long after it had been switched off was on again: it is lost like any other. */
function wasSwitchedOff(
  { detail, status, endedMs }: OperationRecord,
  silentSinceMs: number,
): boolean {
  if (detail.kind !== "power" || status !== "done" || endedMs === null) return false;
  const isOff = detail.power === "off" || detail.power === "soft";
  return isOff && silentSinceMs <= endedMs + lifecycleNumbers.powerSettledMs;
}
