/** What one asker may cost root's acting helper; whoever asks is taken for hostile. */
export const handsLimits = {
  /** As many workloads as a host may have, with the longest names that are told. */
  questionBytesMax: 512 * 1024,
  /** What a host's hooks may list, in JSON. */
  answerBytesMax: 4 * 1024 * 1024,
  workloadNameCharactersMax: 512,
  /** The longest grace that an evacuation may name. */
  graceMsMax: 24 * 3_600_000,
  /** For the question to arrive, and for the answer to be taken. */
  transferMsMax: 10_000,
  /** For the turn to come: another order's units are told one after the other. */
  lockWaitSeconds: 60,
  /** The longest that anything but an evacuation takes: its turn, units and hooks. */
  actMsMax: 240_000,
  /** Names that a release may start again. */
  stoppedMax: 4_096,
} as const;
