import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { Links, LinkState, LinkView } from "#fleet/inventory/links.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { HostId, SessionId } from "#proto/vocabulary/ids.ts";
import { type MonotonicMs, monotonicMs, type UnixMs, unixMs } from "#proto/vocabulary/units.ts";

export interface LinkSettings {
  /** How often a host gives a sign of life. */
  readonly heartbeatMs: number;
  readonly lateAfterMissed: number;
  readonly lostAfterMissed: number;
  /** After our own start, and after we stood still, nobody is lost for so long: it was we who could not hear. */
  readonly graceMs: number;
}

export const linkDefaults: LinkSettings = {
  heartbeatMs: 10_000,
  lateAfterMissed: 3,
  lostAfterMissed: 9,
  graceMs: 300_000,
};

/** `Links`, and how the gateway tells it what it hears. */
export interface LinkTracker extends Links {
  /** A host that was heard before this manager's start, `lastHeardMs` by the manager's clock. */
  remember(hostId: HostId, lastHeardMs: UnixMs): void;
  opened(hostId: HostId, session: { readonly id: SessionId; readonly clockOffsetMs: number }): void;
  /** Any message counts as a heartbeat. */
  heard(hostId: HostId): void;
  /** What its clock shows, as a heartbeat tells: host minus manager, ms. */
  clockSeen(hostId: HostId, clockOffsetMs: number): void;
  closed(hostId: HostId, sessionId: SessionId): void;
  forget(hostId: HostId): void;
  stop(): void;
}

/** This manager stood still: it was paused, or its machine was. */
interface Stall {
  /** When this manager was last known to run. */
  readonly sinceAt: MonotonicMs;
  /** When it was seen to run again. */
  readonly endedAt: MonotonicMs;
}

interface Entry {
  state: LinkState;
  sinceMs: UnixMs;
  lastHeardMs: UnixMs;
  /** The same moment by our monotonic clock; silence is measured with this one. */
  heardAt: MonotonicMs;
  sessionId: SessionId | null;
  clockOffsetMs: number | null;
}

/** The wall clock has leapt where it moved by more than this against the monotonic one. */
const leapMsMin = 1_000;

const unheard: LinkView = {
  state: "never",
  sinceMs: null,
  lastHeardMs: null,
  sessionId: null,
  clockOffsetMs: null,
};

/**
 * The state of a link comes from heartbeats alone: a closed socket says nothing of the host, and a
 * flapping network shows as one change at most. It never touches a phase. All times are by the wall
 * clock as it is now: a host that was heard a minute ago was so too after that clock has leapt.
 *
 * A manager that stood still for longer than a heartbeat finds in its sockets what was said meanwhile,
 * by hosts that may be gone since. What it hears within the first heartbeat after that counts as said
 * when it was last known to run; what is said later is heard as ever.
 */
export function createLinkTracker(effects: {
  readonly clock: Clock;
  readonly events: FleetEvents;
  readonly settings: LinkSettings;
}): LinkTracker {
  const { clock, events, settings } = effects;
  const entries = new Map<HostId, Entry>();
  const startedAt = clock.nowMonotonicMs();
  let hearsSinceAt = startedAt;
  let ranAt = startedAt;
  let stall: Stall | null = null;
  let wallAnchorMs = clock.nowUnixMs() - startedAt;

  /** By whatever comes first when it goes on: the sweep, a message that waited, or who counts who serves. */
  const noticeStall = (): void => {
    const now = clock.nowMonotonicMs();
    if (now - ranAt <= settings.heartbeatMs) return;
    // A pause that ends while the words of another are being heard is one with it.
    const sinceAt = stall !== null && isBacklog(ranAt) ? stall.sinceAt : ranAt;
    stall = { sinceAt, endedAt: now };
    hearsSinceAt = now;
    ranAt = now;
    judgeAll(now);
  };
  const isBacklog = (now: MonotonicMs): boolean =>
    stall !== null && now - stall.endedAt < settings.heartbeatMs;

  const followLeap = (): void => {
    const anchorMs = clock.nowUnixMs() - clock.nowMonotonicMs();
    const leapMs = Math.round(anchorMs - wallAnchorMs);
    if (Math.abs(leapMs) <= leapMsMin) return;
    wallAnchorMs = anchorMs;
    for (const entry of entries.values()) {
      entry.sinceMs = unixMs(Math.max(0, entry.sinceMs + leapMs));
      entry.lastHeardMs = unixMs(Math.max(0, entry.lastHeardMs + leapMs));
    }
  };

  const stateAfter = (silentMs: number, now: MonotonicMs): LinkState => {
    if (silentMs < settings.lateAfterMissed * settings.heartbeatMs) return "connected";
    if (silentMs < settings.lostAfterMissed * settings.heartbeatMs) return "late";
    return now - hearsSinceAt < settings.graceMs ? "late" : "lost";
  };

  const change = (hostId: HostId, entry: Entry, state: LinkState): void => {
    if (entry.state === state) return;
    entry.state = state;
    entry.sinceMs = clock.nowUnixMs();
    events.publish({ kind: "link-changed", hostId, state });
  };

  const judgeAll = (now: MonotonicMs): void => {
    for (const [hostId, entry] of entries)
      if (entry.state !== "lost") change(hostId, entry, stateAfter(now - entry.heardAt, now));
  };

  const hear = (hostId: HostId): Entry => {
    followLeap();
    noticeStall();
    const now = clock.nowMonotonicMs();
    const nowMs = clock.nowUnixMs();
    const saidAt = stall !== null && isBacklog(now) ? stall.sinceAt : now;
    const saidMs = unixMs(Math.max(0, nowMs - Math.round(now - saidAt)));
    let entry = entries.get(hostId);
    if (entry === undefined) {
      entry = {
        state: "never",
        sinceMs: nowMs,
        lastHeardMs: saidMs,
        heardAt: saidAt,
        sessionId: null,
        clockOffsetMs: null,
      };
      entries.set(hostId, entry);
    }
    if (saidAt >= entry.heardAt) {
      entry.lastHeardMs = saidMs;
      entry.heardAt = saidAt;
    }
    change(hostId, entry, stateAfter(now - entry.heardAt, now));
    return entry;
  };

  let cancelSweep = (): void => {};
  const sweep = (): void => {
    followLeap();
    noticeStall();
    const now = clock.nowMonotonicMs();
    ranAt = now;
    judgeAll(now);
    cancelSweep = clock.after(settings.heartbeatMs / 4, sweep);
  };
  cancelSweep = clock.after(settings.heartbeatMs / 4, sweep);

  return {
    view: (hostId) => {
      followLeap();
      const entry = entries.get(hostId);
      if (entry === undefined) return unheard;
      const { state, sinceMs, lastHeardMs, sessionId, clockOffsetMs } = entry;
      return { state, sinceMs, lastHeardMs, sessionId, clockOffsetMs };
    },
    isConnected: (hostId) => entries.get(hostId)?.state === "connected",
    remember: (hostId, lastHeardMs) => {
      followLeap();
      if (entries.has(hostId)) return;
      const now = clock.nowMonotonicMs();
      const nowMs = clock.nowUnixMs();
      // Later than now: our clock was set back since, and nobody can say how long ago that was.
      const silentMs =
        lastHeardMs > nowMs ? settings.lateAfterMissed * settings.heartbeatMs : nowMs - lastHeardMs;
      entries.set(hostId, {
        state: stateAfter(silentMs, now),
        sinceMs: nowMs,
        lastHeardMs: unixMs(Math.max(0, nowMs - silentMs)),
        heardAt: monotonicMs(now - silentMs),
        sessionId: null,
        clockOffsetMs: null,
      });
    },
    opened: (hostId, session) => {
      const entry = hear(hostId);
      entry.sessionId = session.id;
      entry.clockOffsetMs = session.clockOffsetMs;
    },
    heard: (hostId) => void hear(hostId),
    clockSeen: (hostId, clockOffsetMs) => {
      const entry = entries.get(hostId);
      if (entry !== undefined) entry.clockOffsetMs = clockOffsetMs;
    },
    closed: (hostId, sessionId) => {
      const entry = entries.get(hostId);
      if (entry?.sessionId === sessionId) entry.sessionId = null;
    },
    forget: (hostId) => void entries.delete(hostId),
    hearsSinceAt() {
      followLeap();
      noticeStall();
      return hearsSinceAt;
    },
    stop: () => cancelSweep(),
  };
}
