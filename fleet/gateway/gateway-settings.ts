import type { CellId } from "#proto/vocabulary/ids.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";

/** How a gateway runs; everything that is not the cell's own has a default below. */
export interface GatewaySettings {
  readonly cell: CellId;
  /** How often an agent sends a report. */
  readonly reportIntervalMs: number;
  /** The same for hosts that are simulated: hundreds of them share one machine with us. */
  readonly simulatedReportIntervalMs: number;
  /** Distance of two points in time in a report. */
  readonly stepMs: number;
  /** From accept to a valid hello, or to the one enrolment message. */
  readonly handshakeMsMax: number;
  /** A connection that says nothing for so long is closed. */
  readonly silenceMsMax: number;
  readonly messagesPerSecond: number;
  readonly messagesBurst: number;
  /** How long a host that was cut for its rate stays out. */
  readonly coolOffMs: number;
  readonly unauthenticatedPerNetworkMax: number;
  /** Bytes that wait, unparsed, while a peer is being authenticated. */
  readonly helloBytesMax: number;
  readonly enrolmentBytesMax: number;
  readonly bufferedBytesMax: number;
  /** Reports of one session that wait for the disk. */
  readonly reportsInFlightMax: number;
  /** Bytes of all reports that wait for the disk. */
  readonly bytesInFlightMax: number;
  readonly commandsPerHostMax: number;
  /** An older session that was heard within this time may be a second machine (clone-guard.ts). */
  readonly cloneProofMs: number;
  /** How often it is asked whose key was unpinned through another manager: a socket outlives its key by 5 s at most. */
  readonly revokedLookMs: number;
  /** When a refused agent may try again: the store is full. */
  readonly storeFullRetryMs: number;
  /** When a refused agent may try again: for all other passing troubles. */
  readonly retryMs: number;
  /** When a suspected clone, or an agent of an unknown protocol, may ask again. */
  readonly decisionRetryMs: number;
}

export const gatewayDefaults = {
  reportIntervalMs: 10_000,
  simulatedReportIntervalMs: 10_000,
  stepMs: 1_000,
  handshakeMsMax: wireLimits.handshakeMsMax,
  silenceMsMax: wireLimits.silenceMsMax,
  messagesPerSecond: wireLimits.messagesPerSecond,
  messagesBurst: wireLimits.messagesBurst,
  coolOffMs: 30_000,
  unauthenticatedPerNetworkMax: wireLimits.unauthenticatedPerNetworkMax,
  helloBytesMax: 8 * 1024,
  enrolmentBytesMax: wireLimits.enrolmentBytesMax,
  bufferedBytesMax: wireLimits.bufferedBytesMax,
  reportsInFlightMax: 256,
  bytesInFlightMax: 128 * 1024 * 1024,
  commandsPerHostMax: 16,
  cloneProofMs: 30_000,
  revokedLookMs: 2_000,
  storeFullRetryMs: 30_000,
  retryMs: 5_000,
  decisionRetryMs: 300_000,
} as const satisfies Omit<GatewaySettings, "cell">;
