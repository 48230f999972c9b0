/** SAFETY section 6, once. Both sides obey the same numbers; a peer that does not is cut off. */
export const wireLimits = {
  /** Bytes of one WebSocket message; longer ones close the socket with 1009. */
  messageBytesMax: 256 * 1024,
  /** Bytes of the one message that an unauthenticated peer may send. */
  enrolmentBytesMax: 64 * 1024,
  fragmentsMax: 16,
  bufferedChunksMax: 1024,
  /** Bytes waiting in one socket before the sender must stop. */
  bufferedBytesMax: 1024 * 1024,
  decodeDepthMax: 16,
  /** Points of all columns of one report together. */
  pointsPerMessageMax: 65_536,
  /** Points in time of one report. */
  stepsPerReportMax: 3_600,
  seriesPerMessageMax: 8_192,
  stringBytesMax: 256,
  attributesPerSeriesMax: 8,
  absencesPerStateMax: 4_096,
  componentsPerStateMax: 4_096,
  /** Records of pstore, and entries of the event log, that stand in the evidence of a boot. */
  bootRecordsMax: 64,
  gapsPerReportMax: 256,
  ackRangesMax: 1_024,
  stepMsMax: 3_600_000,
  collectorsPerStateMax: 64,
  /** Workloads, and mounts of tenants' disks, in one evidence or progress. */
  workloadsPerHostMax: 1_024,
  /** What could not be asked, in one evidence. */
  unaskedPerHostMax: 64,
  certificatesPerChainMax: 8,
  certificateBytesMax: 16 * 1024,
  /** Scale of a series: value = integer × quantum × 10^exponent, |exponent| up to this. */
  exponentMax: 24,
  /** Times lie within what a Date can say, either side of 1970. */
  unixMsMax: 8_640_000_000_000_000,
  /** Token bucket per host. */
  messagesPerSecond: 20,
  messagesBurst: 100,
  pingIntervalMs: 20_000,
  pingJitter: 0.2,
  silenceMsMax: 60_000,
  handshakeMsMax: 10_000,
  unauthenticatedPerNetworkMax: 1_024,
} as const;

/** Whole numbers on the wire lie within what a double holds exactly. */
export const wireIntegerMax = Number.MAX_SAFE_INTEGER;

/** The protocol this release speaks, and the oldest it still understands. */
export const protocolVersion = { current: 1, oldest: 1 } as const;
