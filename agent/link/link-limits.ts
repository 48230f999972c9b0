import { wireLimits } from "#proto/vocabulary/wire-limits.ts";

/** The agent's side of the wire's limits: a little under what the gateway allows. */
export const linkLimits = {
  /** The gateway allows 20 a second and bursts of 100. */
  messages: {
    perSecond: wireLimits.messagesPerSecond * 0.8,
    burst: wireLimits.messagesBurst * 0.8,
  },
  /** Old reports take a fifth of what a host may send: live ones never wait behind them. */
  backfill: {
    perSecond: wireLimits.messagesPerSecond * 0.2,
    burst: wireLimits.messagesBurst * 0.2,
  },
  /** Reports under way without an acknowledgement. */
  inFlightReportsMax: 64,
  inFlightBytesMax: 512 * 1024,
  bufferedBytesMax: wireLimits.bufferedBytesMax / 2,
  /** How soon a socket that took nothing is tried again. */
  bufferedRetryMs: 250,
  outcomesMax: 256,
  /** From the call of connect to the welcome. */
  connectMsMax: 2 * wireLimits.handshakeMsMax,
  /**
   * Nothing was said for so long, and up to a fifth more: a heartbeat. A little more than the default
   * interval of reports, which make it needless. The manager expects to hear of a host every 10 s, and
   * calls it late after three times that.
   */
  heartbeatMs: 11_000,
  /** A heartbeat tells the host's clock too: so often one goes along with what is sent anyway. */
  clockMsMax: 60_000,
  /** A manager that acknowledges nothing for so long is taken for gone. */
  acknowledgeMsMax: 30_000,
  /** A session that lived so long was a good one: the next failure counts as the first. */
  stableSessionMs: 5_000,
  /** Pause after a refusal that did not invite to come back but may be cured by a human. */
  slowRetryMs: 300_000,
  stopFlushMs: 2_000,
} as const;
