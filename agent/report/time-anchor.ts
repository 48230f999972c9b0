import { type MonotonicMs, type UnixMs, unixMs } from "#proto/vocabulary/units.ts";

/**
 * Turns the monotonic clock, by which everything is stamped, into time of day. The host's wall
 * clock says what time it is; where the manager's differs by more than `offsetMsMax`, the
 * manager's does. The anchor moves by whole seconds only, so that steps stay on whole seconds and
 * points that were taken before a move need only be shifted.
 */
export interface TimeAnchor {
  unixOf(at: MonotonicMs): UnixMs;
  /** Unix time at monotonic zero. */
  anchorMs(): number;
  /** Looks at the wall clock again. The answer is the move that is due, in ms; 0: none. */
  observeWall(wall: UnixMs, at: MonotonicMs): number;
  /** What an authenticated manager said, halfway through a round trip that ended at `at`. */
  observeManager(manager: UnixMs, at: MonotonicMs, roundTripMs: number): number;
  /** Makes the move that was due, once what was taken before it has been stamped. */
  apply(moveMs: number): void;
  /** Host's clock minus the manager's, ms; null before a manager spoke. */
  offsetMs(): number | null;
  /** The manager's time; the corrected host's before a manager spoke. Orders expire by it. */
  managerUnixOf(at: MonotonicMs): UnixMs;
  standing(): ClockStanding;
}

/** `off`: worth a warning. `wrong`: the manager's time is used instead. */
export type ClockStanding = "unknown" | "good" | "off" | "wrong";

export const offsetMsWarn = 2_000;
export const offsetMsMax = 30_000;
/** A clock that was wrong counts as right again from here: no flapping at the limit. */
const offsetMsMaxAgain = 25_000;
/** Smaller differences between wall and monotonic clock are left alone. */
const wallStepMsMin = 1_000;

export function createTimeAnchor(wall: UnixMs, at: MonotonicMs): TimeAnchor {
  let wallAnchorMs = wall - at;
  let managerAnchorMs: number | null = null;
  let anchorMs = Math.floor(wallAnchorMs);
  let isWrong = false;

  const offsetMs = (): number | null =>
    managerAnchorMs === null ? null : Math.round(wallAnchorMs - managerAnchorMs);

  const findMove = (): number => {
    const offset = offsetMs();
    if (offset !== null) {
      isWrong = Math.abs(offset) > (isWrong ? offsetMsMaxAgain : offsetMsMax);
    }
    const target = isWrong && managerAnchorMs !== null ? managerAnchorMs : wallAnchorMs;
    const difference = target - anchorMs;
    if (Math.abs(difference) < wallStepMsMin) return 0;
    return Math.round(difference / 1_000) * 1_000;
  };

  return {
    unixOf: (monotonic) => unixMs(Math.floor(monotonic + anchorMs)),
    anchorMs: () => anchorMs,
    observeWall(now, monotonic) {
      wallAnchorMs = now - monotonic;
      return findMove();
    },
    observeManager(manager, monotonic, roundTripMs) {
      managerAnchorMs = manager - (monotonic - roundTripMs / 2);
      return findMove();
    },
    apply(moveMs) {
      anchorMs += moveMs;
    },
    offsetMs,
    managerUnixOf: (monotonic) => unixMs(Math.floor(monotonic + (managerAnchorMs ?? anchorMs))),
    standing() {
      const offset = offsetMs();
      if (offset === null) return "unknown";
      if (isWrong) return "wrong";
      return Math.abs(offset) > offsetMsWarn ? "off" : "good";
    },
  };
}
