const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;

/** From `raise` on a level begins, and it ends on the other side of `clear`. */
export interface Bound {
  readonly raise: number;
  readonly clear: number;
}
export interface Bounds {
  readonly degraded?: Bound;
  readonly failing?: Bound;
}
/** Bounds of a count: of how high it is, and of how much it grew in 24 hours. null: says nothing. */
export interface CountBounds {
  readonly degradedFrom: number | null;
  readonly failingFrom: number | null;
  readonly degradedGrowth: number | null;
  readonly failingGrowth: number | null;
}

/**
 * Every bound of the rules. Backblaze: "What SMART stats tell us about hard drives" (2016): of five
 * attributes any raw value above zero is a reason to look; that growth weighs more than level is
 * Pinheiro and others, "Failure trends in a large disk drive population" (2007). NVMe: base
 * specification 2.0, SMART / health log. mcelog: memory-ce-threshold = 10 / 24h. SAFETY section 7:
 * clock. Where no source is named the number is ours.
 */
export const thresholds = {
  /** Backblaze: 5, 197, 198, 187. */
  tellingSectors: { degradedFrom: 1, failingFrom: null, degradedGrowth: 1, failingGrowth: 1 },
  /** Backblaze: 188, but bad cables and busy controllers also count there, so some are let pass. */
  commandTimeouts: { degradedFrom: 100, failingFrom: null, degradedGrowth: 1, failingGrowth: 10 },
  /** Uncorrectable by the drive's own ECC. NVMe: media and data integrity errors. */
  mediaErrors: { degradedFrom: 1, failingFrom: null, degradedGrowth: 1, failingGrowth: 1 },
  /** The cable or backplane, not the drive: never worse than degraded. */
  interfaceErrors: {
    degradedFrom: null,
    failingFrom: null,
    degradedGrowth: 10,
    failingGrowth: null,
  },
  /** NVMe: available spare above the drive's own threshold. */
  spareMargin: { degraded: { raise: 0.1, clear: 0.12 }, failing: { raise: 0, clear: 0.02 } },
  /** NVMe: percentage used; past 1 the maker promises nothing, the drive may still work. */
  endurance: { degraded: { raise: 0.95, clear: 0.95 } },
  /** mcelog's ten a day; a thousand a day is a cell row that is gone. */
  memoryCorrected: {
    degradedFrom: null,
    failingFrom: null,
    degradedGrowth: 10,
    failingGrowth: 1_000,
  },
  memoryUncorrected: { degradedFrom: 1, failingFrom: 1, degradedGrowth: 1, failingGrowth: 1 },
  machineChecks: { degradedFrom: 1, failingFrom: null, degradedGrowth: 1, failingGrowth: 1 },
  gpuUncorrected: { degradedFrom: 1, failingFrom: null, degradedGrowth: 1, failingGrowth: 1 },
  /** Programs cause some Xids, so they never say that the card is failing. */
  gpuXids: { degradedFrom: null, failingFrom: null, degradedGrowth: 1, failingGrowth: null },
  /** Degrees below the part's own critical limit. */
  thermalMargin: { degraded: { raise: 5, clear: 8 }, failing: { raise: 0, clear: 3 } },
  /** Events a second. */
  throttling: { degraded: { raise: 0.1, clear: 0.01 } },
  filesystem: { degraded: { raise: 0.9, clear: 0.85 }, failing: { raise: 0.98, clear: 0.95 } },
  /** Milliseconds; SAFETY section 7: warn > 2 s, flag > 30 s. */
  clock: { degraded: { raise: 2_000, clear: 1_000 }, failing: { raise: 30_000, clear: 20_000 } },
  carrierChanges: {
    degradedFrom: null,
    failingFrom: null,
    degradedGrowth: 10,
    failingGrowth: 100,
  },
  /** Most BMCs stop writing when their log is full. */
  selUsage: { degraded: { raise: 0.9, clear: 0.8 } },
} as const satisfies Readonly<Record<string, Bounds | CountBounds>>;

/** How long something must show, or not, before it counts: `hold` to raise, `clear` to end. */
export const timings = {
  /** A count is a fact; it ends by ageing out of its 24 hours. */
  counted: { holdMs: 0, clearMs: 10 * minuteMs },
  /** A part's own word about itself. */
  said: { holdMs: 0, clearMs: hourMs },
  /** Supplies, fans, paths, arrays: a moment's loss while somebody works at them is none. */
  lost: { holdMs: minuteMs, clearMs: 5 * minuteMs },
  heat: { holdMs: 30 * secondMs, clearMs: 10 * minuteMs },
  throttled: { holdMs: 5 * minuteMs, clearMs: 15 * minuteMs },
  filled: { holdMs: 5 * minuteMs, clearMs: 10 * minuteMs },
  readOnly: { holdMs: 0, clearMs: 5 * minuteMs },
  clock: { holdMs: minuteMs, clearMs: 5 * minuteMs },
} as const;

export const evidenceLimits = {
  /** A reading speaks of now until so many of its own points are overdue, and at least for so long. */
  overduePoints: 3,
  currentMsMin: 5 * minuteMs,
  /** A host that was not heard for so long shows nothing of now. */
  silentMsMax: 10 * minuteMs,
  /** A finding of a part that is no longer shown by a host that reports is dropped after this… */
  goneMsMax: hourMs,
  /** …and of a host that is silent after this. */
  agedMsMax: 24 * hourMs,
  /** Time between two judgements counts for so long at most: nobody watched in the rest. */
  elapsedMsMax: 2 * minuteMs,
  /** Findings of one host that are told apart; more are dropped, the worst kept. */
  findingsMax: 256,
} as const;
