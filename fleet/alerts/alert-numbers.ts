import type { AlertKind } from "./alert.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** The numbers of alerts, once; docs/limits.md has them with their reasons. Milliseconds, counts. */
export const alertNumbers = {
  /** Everything is looked at this often, and a second after something changed. */
  roundMs: 5 * second,
  burstMs: second,
  /** A cause must be gone for so long; what comes back before is the same alert. */
  clearMs: 2 * minute,
  /** An alert that goes on changing is told again this often at most, unless it grew worse. */
  updateMsMin: 15 * minute,
  /** What only says it otherwise is written this often at most. */
  wordsMsMin: minute,
  /** What has happened, and does not last, is an alert for so long. */
  eventMs: 15 * minute,
  stoppedPlanMs: day,
  /** A silence ends; nobody remembers one that does not. */
  silenceMsMax: 30 * day,
  silencesMax: 500,
  /** Alerts that may be open; what comes beyond is counted in one line of the log. */
  openMax: 5_000,
  /** Hosts that an alert and its message name; how many they are is said. */
  hostsNamedMax: 200,
  wordsMax: 500,
  /** Tries of one message go on for so long; the pause between two is random, up to the longest. */
  deliverForMs: day,
  retryMsMin: second,
  retryMsMax: 15 * minute,
  /** The longest pause of a channel whose receiver did not ask for one, before another message is tried. */
  channelPauseMsMax: minute,
  /** The longest that a receiver may ask us to wait. */
  retryAfterMsMax: hour,
  /** A receiver that refuses may have been set up a moment too late: so many tries, then no more. */
  refusedTriesMax: 5,
  answerMsMax: 10 * second,
  /** Alerts that come within this are one mail. */
  digestMs: minute,
  /** In one mail. */
  digestMax: 100,
  /** Messages of one channel that may wait. */
  waitingMax: 5_000,
  /** A channel without a success for so long, with failures, is an alert of its own. */
  failingMs: 5 * minute,
  resolvedKeptMs: 30 * day,
  resolvedKeptMax: 10_000,
  deliveriesKeptMs: 7 * day,
  /** The whole chain of the audit is followed so often, and so soon after a start. */
  auditEveryMs: 6 * hour,
  auditFirstMs: 10 * minute,
  diskShortBytes: 4 * 1024 ** 3,
  /** The manager's telemetry refuses reports below 256 MiB. */
  diskFullBytes: 512 * 1024 ** 2,
  /** More must be free than what began it before it ends. */
  diskClearFactor: 1.25,
} as const;

/**
 * How long a cause lasts before anybody is told. A lost host waits until it is clear whether its rack
 * or site was lost with it: a minute for the others, and the time in which an event gathers.
 */
export const tellAfterMs: { readonly [Kind in AlertKind]: number } = {
  "domain-event": 15 * second,
  "host-lost": 90 * second,
  health: 30 * second,
  "fault-hold": 30 * second,
  "drain-deadline": 0,
  "drain-capacity": 5 * minute,
  "drain-stalled": 0,
  "plan-stopped": 0,
  "service-overdue": 0,
  "safe-mode": 0,
  leadership: 0,
  disk: 0,
  "audit-broken": 0,
  "host-cloned": 0,
  "channel-failing": 15 * minute,
};

/** What is seen by the hosts' silence alone: while we may be the blind ones nothing is said of it. */
export const blindKinds: ReadonlySet<AlertKind> = new Set(["domain-event", "host-lost"]);

/** What no planned work of ours explains away. */
export const neverWork: ReadonlySet<AlertKind> = new Set([
  "domain-event",
  "safe-mode",
  "audit-broken",
]);
