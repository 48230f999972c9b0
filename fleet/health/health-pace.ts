export const healthPace = {
  tickMs: 1_000,
  /** A host is judged so often at most, however often it reports. */
  judgeEveryMs: 10_000,
  /** One that has nothing new is looked at so often: old findings age out. */
  sweepEveryMs: 300_000,
  /** Judged in full in one tick at most, each some 0.3 to 1 ms: the loop belongs to everybody. */
  judgedPerTickMax: 200,
  /** What changed slowly is written so often; a finding and a reboot at once. */
  writeEveryMs: 60_000,
  /** A new boot's own evidence is waited for so long. */
  bootEvidenceMs: 180_000,
} as const;
