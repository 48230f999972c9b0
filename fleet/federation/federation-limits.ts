/** Every number of the federation, in one place; docs/limits.md gives the reasons. */
export const federationLimits = {
  cellsMax: 16,
  /** A cell is asked for a sign of life this often, and must answer it within `probeMsMax`. */
  probeEveryMs: 5_000,
  probeMsMax: 3_000,
  /** How long an answer to a person may take a cell; the rest is answered without it. */
  askMsMax: 5_000,
  /** How long all hosts of a cell may take to be read once. */
  sweepMsMax: 60_000,
  sweepEveryMs: 30_000,
  saveEveryMs: 60_000,
  /** Asks of one cell at once, and how many more may wait. */
  asksAtOnceMax: 8,
  asksWaitingMax: 256,
  answerBytesMax: 16 * 1024 * 1024,
  hostsPerPage: 500,
  hostsKeptMax: 20_000,
  placesKeptMax: 5_000,
  keptFileBytesMax: 128 * 1024 * 1024,
  /** Event streams come back after a random part of this, doubled with each failure. */
  streamRetryMsMin: 1_000,
  streamRetryMsMax: 30_000,
  /** A manager sends a comment every 15 s. */
  streamSilenceMsMax: 45_000,
  streamBlockCharactersMax: 64 * 1024,
  /** Texts of a cell that are shown to people beside its data. */
  wordsMax: 200,
} as const;
