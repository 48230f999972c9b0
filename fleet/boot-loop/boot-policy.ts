const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** What is spent when a wish is sent, by its kind; a budget lives as long as the loop's state. */
export const budgetNames = [
  "on",
  "off",
  "soft-off",
  "restart",
  "ac-cycle",
  "bmc-reset",
  "arm",
  "disarm",
  "insert",
  "eject",
  "clear-jobs",
  "loader",
] as const;
export type BudgetName = (typeof budgetNames)[number];

/** `pauseMs`: at least so long between two of them. */
export interface Budget {
  readonly count: number;
  readonly pauseMs: number;
}

/** How often, how long, how soon. Times in milliseconds. */
export interface BootPolicy {
  readonly budgets: Readonly<Record<BudgetName, Budget>>;
  /** Cutting auxiliary or AC power is offered for this class. */
  readonly mayCutAc: boolean;
  /** The whole loop, whatever it waits for. */
  readonly totalMs: number;
  /** Between two looks at the same thing. */
  readonly pollMs: number;
  /** A confirmed identity serves one change, begun within this. */
  readonly identityFreshMs: number;
  /** A reading that an order is based on is no older. */
  readonly readingFreshMs: number;
  /** After a change of boot or media, before it is read back. */
  readonly settleMs: number;
  /** A BMC may tell the old power state for so long. */
  readonly powerSettleMs: number;
  /** A state in between counts as unknown after this. */
  readonly transitionMs: number;
  /** System and chassis, or two protocols, may disagree for so long. */
  readonly disagreeMs: number;
  /** An override is set anew when the start would come later than this after it. */
  readonly armValidMs: number;
  /** No request, no progress, no call within this: nothing starts. */
  readonly firstSignMs: number;
  /** Imaging OS up. */
  readonly imagingMs: number;
  /** First call of the installed system. */
  readonly firstBootMs: number;
  /** After the first file, the second request. */
  readonly secondStageMs: number;
  /** Between two starts of a host that showed no life. */
  readonly coolDownMs: number;
  /** Between an off that was confirmed and the next on. */
  readonly offOnMs: number;
  /** A host is silent when it was not heard for this long. */
  readonly silentMs: number;
  /** A BMC that is being restarted is left alone for so long. */
  readonly bmcDownMs: number;
  /** For a BMC to become ready. */
  readonly readyMs: number;
  /** All calls stop for so long after three refused log-ins in a row. */
  readonly lockoutMs: number;
  /** One call, before it counts as unanswered. */
  readonly readCallMs: number;
  readonly changeCallMs: number;
}

/** `deadlineMs` of a rung is the window of what it waits for: a start, a settling, a readiness. */
export const bootPolicy: BootPolicy = {
  budgets: {
    on: { count: 40, pauseMs: 10 * second },
    off: { count: 30, pauseMs: 10 * second },
    "soft-off": { count: 6, pauseMs: minute },
    restart: { count: 30, pauseMs: 30 * second },
    "ac-cycle": { count: 2, pauseMs: 2 * minute },
    "bmc-reset": { count: 2, pauseMs: 5 * minute },
    arm: { count: 60, pauseMs: 5 * second },
    disarm: { count: 30, pauseMs: 5 * second },
    insert: { count: 8, pauseMs: 10 * second },
    eject: { count: 16, pauseMs: 10 * second },
    "clear-jobs": { count: 4, pauseMs: 20 * second },
    loader: { count: 4, pauseMs: 0 },
  },
  mayCutAc: false,
  totalMs: 6 * hour,
  pollMs: 15 * second,
  identityFreshMs: minute,
  readingFreshMs: 45 * second,
  settleMs: 3 * second,
  powerSettleMs: 2 * minute,
  transitionMs: 5 * minute,
  disagreeMs: 2 * minute,
  armValidMs: 50 * second,
  firstSignMs: 10 * minute,
  imagingMs: 15 * minute,
  firstBootMs: 20 * minute,
  secondStageMs: minute,
  coolDownMs: 30 * second,
  offOnMs: 10 * second,
  silentMs: 90 * second,
  bmcDownMs: minute,
  readyMs: 10 * minute,
  lockoutMs: 15 * minute,
  readCallMs: 30 * second,
  changeCallMs: 2 * minute,
};
