import type { Clock } from "#proto/vocabulary/clock.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { FleetSnapshot } from "./fleet-snapshot.ts";

/**
 * What this manager has begun within the last minute by the clock that does not leap. The store says
 * it by the wall clock: after a leap forward by an hour nothing seems to have begun just now, after one
 * backward all of the last hour does.
 */
export interface RecentStarts {
  /** One begins now. */
  note(): void;
  /** The snapshot with the starts of the last minute as they really were. */
  seenIn(snapshot: FleetSnapshot): FleetSnapshot;
}

const minuteMs = 60_000;

export function createRecentStarts(clock: Clock): RecentStarts {
  /** Monotonic, the oldest first. */
  let begun: readonly number[] = [];
  return {
    note() {
      begun = [...begun, clock.nowMonotonicMs()];
    },
    seenIn(snapshot) {
      const nowMs = clock.nowMonotonicMs();
      begun = begun.filter((atMs) => nowMs - atMs < minuteMs);
      // Others may have led until just now: whichever of the two says more.
      const stored = snapshot.startsMs.filter((atMs) => atMs < snapshot.nowMs + minuteMs);
      const startsMs =
        begun.length > stored.length
          ? begun.map((atMs) => unixMs(Math.round(snapshot.nowMs - (nowMs - atMs))))
          : stored;
      return { ...snapshot, startsMs };
    },
  };
}
