/**
 * The lifecycle's numbers, once. Configuration may lower a budget below these, never raise it above
 * and never switch it off. Times in milliseconds.
 */
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const lifecycleNumbers = {
  /** 9 heartbeats of 10 s without a word. */
  lostAfterMs: 90_000,
  /** After a manager's start or take-over nobody is declared lost. */
  graceMs: 300_000,
  domainEvent: { shareMin: 0.2, hostsMin: 3, withinMs: 60_000 },
  secondApprover: { aboveHosts: 25, aboveRacks: 1 },
  planValidMs: day,
  /** Of the hosts in a plan that moved since: more than this, and it is refused. */
  movedShareMax: 0.05,
  /** Share of the plan's hosts in each wave after the canary; the last is repeated. */
  waves: [0.05, 0.1, 0.25],
  canaryHosts: 1,
  soakMs: 2 * minute,
  /** Broken hosts that a plan sets aside; more than this share of its hosts (and more than one) stop it. */
  brokenShareMax: 0.05,
  /** How often a try fails in transport where nobody knows better: boot entries get lost in a third. */
  transportFailureShare: 1 / 3,
  /** Watts older than this are not known any more. */
  wattsFreshMs: 10 * minute,
  takenAtOnce: {
    rack: 1,
    feed: 2,
    siteHostsMin: 1,
    siteShare: 0.02,
    cell: 50,
  },
  takenAtOnceDestructive: { rack: 2, site: 20, cell: 50 },
  startsPerMinute: 10,
  /** Share of a class in a site that must stay able to serve. */
  servingFloorShare: 0.7,
  drainDeadlineMs: { planned: 14 * day, degraded: day, emergency: 0 },
  /** An evacuation without progress for this long is stalled. */
  stalledMs: 20 * minute,
  proofFreshMs: 30_000,
  /** Of the automation: how long a fault stands before the host is drained, and again after that. */
  urgentDrain: { afterMs: 2 * minute, againAfterMs: day, replanAfterMs: 30 * minute },
  operationDeadlineMs: {
    enrol: hour,
    inspect: 30 * minute,
    deploy: hour,
    /** Then a person is paged. */
    service: 4 * hour,
    reboot: 30 * minute,
    power: 10 * minute,
    locate: 10 * minute,
    return: 30 * minute,
    clear: 10 * minute,
  },
  /** An emergency begins at once; beside the graceful stop it has this to end and to be proven in. */
  emergencyRoomMs: 5 * minute,
  /** A forced stop begins this long before the deadline, beside the graceful stop, so that it is over. */
  stopRoomMs: 5 * minute,
  /** After the deadline a forced drain still has this to prove what it stopped. */
  forceRoomMs: 5 * minute,
  /** A hold that nobody gave an end is looked at again after this. */
  holdReviewMs: 7 * day,
  /** More holds on one host are nobody's plan. */
  holdsPerHostMax: 64,
  /** Ended steps that an operation remembers; the oldest go. */
  stepsKept: 64,
  /** First boot after a reboot: the agent is back. */
  firstBootMs: 20 * minute,
  commandValidMs: minute,
  bmcPacingMs: 5_000,
  /** A BMC that has not answered by then is counted as silent; after so many in a row it is left alone. */
  bmc: { answerMs: 30_000, silentMax: 5, restMs: 5 * minute },
  /** What a BMC says of its power may be old: believed when it says the same after this long. */
  powerSettledMs: 30_000,
  /** Without an effect the order is given once more. */
  powerAgainMs: 2 * minute,
  locateForMs: 10 * minute,
  locateForMsMax: day,
  /** A light goes out by itself after at most 255 s; it is lit anew before. */
  lightMs: 240_000,
  lightRenewMs: 180_000,
  automaticAttemptsMax: 2,
} as const;
