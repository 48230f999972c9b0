import type { HostId, SessionId } from "#proto/vocabulary/ids.ts";
import type { MonotonicMs, UnixMs } from "#proto/vocabulary/units.ts";

/** `connected`; `late`: 3 heartbeats missed; `lost`: 9 missed; `never`: not seen since it was enrolled. */
export type LinkState = "connected" | "late" | "lost" | "never";

export interface LinkView {
  readonly state: LinkState;
  /** When this state began, by the manager's clock. */
  readonly sinceMs: UnixMs | null;
  readonly lastHeardMs: UnixMs | null;
  readonly sessionId: SessionId | null;
  /** Host clock minus manager clock, ms, by the newest hello or heartbeat; null until one came. */
  readonly clockOffsetMs: number | null;
}

/**
 * Derived from heartbeats only; never changes a phase. After the manager's start, and after it stood
 * still, nobody is lost for the grace time. Kept by the gateway (`createLinkTracker`), read by the API.
 */
export interface Links {
  view(hostId: HostId): LinkView;
  /**
   * Since when it hears, monotonic: its start, or the end of the last time in which the manager stood
   * still for longer than a heartbeat. Who was not heard since is not known to be there or lost.
   * Absent: it has always heard.
   */
  hearsSinceAt?(): MonotonicMs;
  /** Whether its state is `connected`, for who counts thousands; absent: `view` says it. */
  isConnected?(hostId: HostId): boolean;
}
