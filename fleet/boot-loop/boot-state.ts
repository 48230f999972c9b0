import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import type { BmcProtocol, DriverProblemKind, MediaSlot, PowerSight } from "./bmc-driver.ts";
import type { BootChange, BootEnd } from "./boot-action.ts";
import type { BootApproach } from "./order-approaches.ts";
import type { BootGoal } from "./boot-goal.ts";
import { type BudgetName, budgetNames } from "./boot-policy.ts";
import type { BootSight, BootWay } from "./boot-wish.ts";
import type { IdentityVerdict } from "./judge-identity.ts";
import type { BootSymptom } from "./judge-start.ts";

/**
 * Where a boot loop stands: plain data, kept after every step in the operation's record. Read back, it
 * gives the same next action; what was spent stays spent.
 */
export interface BootLoopState {
  readonly goal: BootGoal;
  readonly startedMs: UnixMs;
  readonly abilities: readonly ProtocolAbility[];
  /** In the order in which they are tried; fixed when the loop began. */
  readonly approaches: readonly BootApproach[];
  readonly health: Readonly<Partial<Record<BmcProtocol, BmcHealth>>>;
  /** No call at all before this: the account may lock. */
  readonly lockedUntilMs: UnixMs;
  readonly seen: BootSeen;
  /** Good for one change. */
  readonly identity: IdentityFact | null;
  /** Begun, and not known how it ended: the manager died in it. */
  readonly pending: BootChange | null;
  readonly last: LastChange | null;
  readonly spent: Readonly<Record<BudgetName, number>>;
  readonly spentMs: Readonly<Partial<Record<BudgetName, UnixMs>>>;
  readonly symptoms: Readonly<Partial<Record<BootSymptom, number>>>;
  readonly lastSymptom: BootSymptom | null;
  /** The first start without a sign of life came after this order. */
  readonly firstDeadOrder: "on" | "restart" | null;
  /** How often the firmware put its own device back. */
  readonly reverts: number;
  /** Orders that this BMC said it does not have: `redfish ac-cycle`. */
  readonly unoffered: readonly string[];
  readonly round: BootRound;
  readonly loader: string | null;
  /** The first start that this loop asked for: a call must be newer. */
  readonly firstStartMs: UnixMs | null;
  readonly lessons: readonly BootLesson[];
  /** What it stands on, in words; kept so that a wait is told once. */
  readonly waitsFor: string | null;
  readonly end: BootEnd | null;
}

/** What a driver can do, asked once. */
export interface ProtocolAbility {
  readonly protocol: BmcProtocol;
  readonly bootWays: readonly BootWay[];
  /** null: no virtual media. */
  readonly insertWays: readonly string[] | null;
  readonly ejectWays: readonly string[];
  readonly hasJobs: boolean;
}

export interface BmcHealth {
  /** Calls in a row that had no usable answer. */
  readonly row: number;
  readonly kind: DriverProblemKind | null;
  readonly detail: string | null;
  readonly sinceMs: UnixMs;
  readonly quietUntilMs: UnixMs;
  /** Good reads that are still wanted before it counts as ready. */
  readonly readsWanted: number;
  readonly isGivenUp: boolean;
}

export interface IdentityFact {
  readonly protocol: BmcProtocol;
  readonly atMs: UnixMs;
  readonly verdict: IdentityVerdict;
  /** Tries in a row that confirmed nothing. */
  readonly tries: number;
}

/** `atMs`: when the question left, so a sight is no older. */
export interface PowerFact {
  readonly state: PowerSight["state"];
  readonly chassis: PowerSight["chassis"];
  readonly said: string;
  readonly atMs: UnixMs;
  /** The same state since, and so often. */
  readonly sinceMs: UnixMs;
  readonly count: number;
}

export interface BootSeen {
  readonly power: Readonly<Partial<Record<BmcProtocol, PowerFact>>>;
  readonly boot: Readonly<Partial<Record<BmcProtocol, BootSight & { readonly atMs: UnixMs }>>>;
  /** The last eight, oldest first. */
  readonly watts: readonly { readonly milliwatts: number | null; readonly atMs: UnixMs }[];
  readonly progress: {
    readonly words: string | null;
    readonly atMs: UnixMs;
    readonly sinceMs: UnixMs;
  } | null;
  readonly slots: { readonly slots: readonly MediaSlot[]; readonly atMs: UnixMs } | null;
  readonly jobs: { readonly count: number; readonly atMs: UnixMs } | null;
}

export interface LastChange {
  readonly action: BootChange;
  readonly atMs: UnixMs;
  readonly answer: "accepted" | DriverProblemKind;
  readonly isJobInTheWay: boolean;
  readonly isUnknownAttribute: boolean;
}

export const bootStages = [
  "prepare",
  "off",
  "media",
  "arm",
  "check",
  "start",
  "watch",
  "reset",
  "ac-off",
  "ac-cycle",
] as const;
export type BootStage = (typeof bootStages)[number];

/** One try: set, read back, start, watch. */
export interface BootRound {
  readonly stage: BootStage;
  readonly stageMs: UnixMs;
  readonly approach: number;
  readonly tries: number;
  /** 0: only an override that reads back is started; 1: what was accepted is started all the same. */
  readonly pass: 0 | 1;
  readonly startBy: "restart" | "off-on";
  readonly armedMs: UnixMs | null;
  readonly insertedMs: UnixMs | null;
  readonly startMs: UnixMs | null;
  readonly startOrder: "on" | "restart" | null;
  /** Orders to switch on, in a row, that changed nothing. */
  readonly onNoops: number;
  /** The same of orders to switch off. */
  readonly offNoops: number;
  /** Overrides set again because the start came too late. */
  readonly rearms: number;
  /** Stages to do before the next start. */
  readonly mustEject: boolean;
  /** The host was off before its BMC was restarted. */
  readonly wasOff: boolean;
  readonly notBeforeMs: UnixMs;
  readonly changesMs: UnixMs;
}

/** What a start showed of a way to say the wish. */
export interface BootLesson {
  readonly protocol: BmcProtocol;
  readonly way: BootWay;
  readonly hasWorked: boolean;
}

export const nothingSeen: BootSeen = {
  power: {},
  boot: {},
  watts: [],
  progress: null,
  slots: null,
  jobs: null,
};

export function createBootState(
  goal: BootGoal,
  abilities: readonly ProtocolAbility[],
  approaches: readonly BootApproach[],
  startBy: "restart" | "off-on",
  nowMs: UnixMs,
): BootLoopState {
  return {
    goal,
    startedMs: nowMs,
    abilities,
    approaches,
    health: {},
    lockedUntilMs: unixMs(0),
    seen: nothingSeen,
    identity: null,
    pending: null,
    last: null,
    spent: Object.fromEntries(budgetNames.map((name) => [name, 0])) as Record<BudgetName, number>,
    spentMs: {},
    symptoms: {},
    lastSymptom: null,
    firstDeadOrder: null,
    reverts: 0,
    unoffered: [],
    round: {
      stage: "prepare",
      stageMs: nowMs,
      approach: 0,
      tries: 0,
      pass: 0,
      startBy,
      armedMs: null,
      insertedMs: null,
      startMs: null,
      startOrder: null,
      onNoops: 0,
      offNoops: 0,
      rearms: 0,
      mustEject: goal.kind === "installed",
      wasOff: false,
      notBeforeMs: unixMs(0),
      changesMs: nowMs,
    },
    loader: goal.kind === "imaging" ? (goal.loaders[0] ?? null) : null,
    firstStartMs: null,
    lessons: [],
    waitsFor: null,
    end: null,
  };
}

/** The state with its round in another stage. */
export function inStage(
  state: BootLoopState,
  stage: BootStage,
  nowMs: UnixMs,
  more: Partial<BootRound> = {},
): BootLoopState {
  return { ...state, round: { ...state.round, stage, stageMs: nowMs, ...more } };
}

/** The wish of a goal in words, for people. */
export function goalWords(goal: BootGoal): string {
  if (goal.kind === "off") return "off, proven";
  if (goal.kind === "imaging") return `started once from the ${goal.device} into the imaging OS`;
  return "no override left, started from its own disk into the new system";
}
