import type { Clock } from "#proto/vocabulary/clock.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { lieRow } from "./lie-rows.ts";

/** What can end a lie, or arm it: the machine and its controller tell these as they happen. */
export const rackEvents = [
  "bmc-reset",
  "host-reset",
  "post-end",
  "ac-cycle",
  "unlock",
  "power-on",
  "power-off",
] as const;
export type RackEvent = (typeof rackEvents)[number];

export interface LieSetting {
  /** `B25`. */
  readonly id: string;
  /** How often it lies. */
  readonly times: number | "always";
  readonly until: RackEvent | { readonly seconds: number } | "never";
  /** Armed from the start where it is null. */
  readonly after: RackEvent | null;
}

export interface ToldLie {
  readonly atMs: UnixMs;
  /** `B25 once-ignored`. */
  readonly lie: string;
  /** What was claimed, and what is so. */
  readonly claimed: string;
  readonly real: string;
}

/**
 * The lies that one simulated host tells. `tell` is asked at the place where the lie would be told:
 * true once it is on record, and only then may the simulation lie.
 */
export interface LieSwitches {
  tell(id: string, claimed: string, real: string): boolean;
  /** Whether it would lie now; nothing is put on record. */
  isSet(id: string): boolean;
  happened(event: RackEvent): void;
  readonly told: readonly ToldLie[];
}

interface Switch {
  readonly setting: LieSetting;
  left: number;
  isArmed: boolean;
  /** By the monotonic clock; null: no time ends it. */
  endsMs: number | null;
}

export function alwaysLies(id: string): LieSetting {
  return { id, times: "always", until: "never", after: null };
}

/** Throws on a row that is not in the table, and on one that is set twice. */
export function createLieSwitches(clock: Clock, settings: readonly LieSetting[]): LieSwitches {
  const told: ToldLie[] = [];
  const switches = new Map<string, Switch>();
  const arm = (one: Switch): void => {
    one.isArmed = true;
    const { until } = one.setting;
    if (typeof until === "object") one.endsMs = clock.nowMonotonicMs() + until.seconds * 1_000;
  };
  for (const setting of settings) {
    lieRow(setting.id);
    if (switches.has(setting.id)) throw new Error(`${setting.id} is set twice`);
    const left = setting.times === "always" ? Number.POSITIVE_INFINITY : setting.times;
    const one: Switch = { setting, left, isArmed: false, endsMs: null };
    switches.set(setting.id, one);
    if (setting.after === null) arm(one);
  }
  const isSet = (id: string): boolean => {
    const one = switches.get(id);
    if (one === undefined || !one.isArmed || one.left <= 0) return false;
    return one.endsMs === null || clock.nowMonotonicMs() < one.endsMs;
  };
  return {
    told,
    isSet,
    tell(id, claimed, real) {
      const one = switches.get(id);
      if (one === undefined || !isSet(id)) return false;
      one.left -= 1;
      told.push({
        atMs: clock.nowUnixMs(),
        lie: `${id} ${lieRow(id).name}`,
        claimed,
        real,
      });
      return true;
    },
    happened(event) {
      for (const one of switches.values()) {
        if (one.isArmed && one.setting.until === event) one.left = 0;
        if (!one.isArmed && one.setting.after === event) arm(one);
      }
    },
  };
}
