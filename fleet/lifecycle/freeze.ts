import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { formatUtcMinute } from "#proto/vocabulary/utc-time.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { exits } from "./exits.ts";
import type { LifeChange } from "./life-store.ts";
import type { Why } from "./why.ts";

/**
 * Somebody stopped everything that changes a host in this cell: no plan is applied, no operation begins
 * or takes its next step, until two people have lifted it. Reading, locating and what only restricts
 * (holds, pauses, cancels) go on.
 */
export interface Freeze {
  readonly sinceMs: UnixMs;
  readonly by: string;
  readonly reason: string;
  /** Who wants it lifted; null: nobody has asked. Another person has to agree. */
  readonly liftAsked: FreezeWord | null;
}

export interface FreezeWord {
  readonly by: string;
  readonly reason: string;
  readonly atMs: UnixMs;
}

export type LiftProblem = "not-frozen" | "same-person";

/** Why nothing goes on meanwhile. `isLiftedAlone`: profile `lab`, where one person lifts it. */
export function freezeWhy({ by, reason, sinceMs, liftAsked }: Freeze, isLiftedAlone: boolean): Why {
  const since = formatUtcMinute(sinceMs);
  const asked = liftAsked === null ? "" : `; ${liftAsked.by} wants it lifted`;
  return {
    code: "freeze",
    words: `the cell is frozen by ${by} since ${since}: ${reason}${asked}`,
    who: whoLifts(liftAsked, isLiftedAlone),
    command: exits.unfreeze(),
    untilMs: null,
  };
}

function whoLifts(liftAsked: FreezeWord | null, isLiftedAlone: boolean): string {
  if (isLiftedAlone) return "an operator";
  return liftAsked === null ? "two operators" : `another operator than ${liftAsked.by}`;
}

/** `isAlone`: profile `lab`, where one may do both. null: it is lifted. */
export function liftFreeze(
  freeze: Freeze | null,
  word: FreezeWord,
  isAlone: boolean,
): Result<Freeze | null, LiftProblem> {
  if (freeze === null) return fail("not-frozen");
  if (isAlone) return ok(null);
  if (freeze.liftAsked === null) return ok({ ...freeze, liftAsked: word });
  return freeze.liftAsked.by === word.by ? fail("same-person") : ok(null);
}

/**
 * May a change be written while the cell is frozen? What restricts, what ends, what is only planned,
 * and locating, which harms nobody.
 */
export function mayWhileFrozen(change: LifeChange): boolean {
  const { operations = [], plans = [], leases = [], tenants = [], holdsReleased = [] } = change;
  return (
    leases.every(({ record }) => record.endedMs !== null) &&
    tenants.length === 0 &&
    holdsReleased.length === 0 &&
    operations.every(({ record }) => record.kind === "locate" || isHalted(record.status)) &&
    plans.every(({ record }) => isHalted(record.status) || isIdle(record.status)) &&
    ((change.hosts ?? []).length === 0 ||
      operations.length > 0 ||
      (change.holdsAdded ?? []).length > 0)
  );
}

const isHalted = (status: string): boolean => status === "paused" || status === "canceled";
const isIdle = (status: string): boolean => status === "planned" || status === "expired";

/** Implemented in fleet/storage on both engines; each call is one transaction with its audit entry. */
export interface FreezeStore {
  read(): Promise<Freeze | null>;
  /** Where it is frozen already, that stays; the answer is what stands. */
  begin(freeze: Freeze): Promise<Freeze>;
  lift(word: FreezeWord, isAlone: boolean): Promise<Result<Freeze | null, LiftProblem>>;
}

/** A place for a freeze that the store could not take, on a full disk; made when there was room. */
export interface FreezeFile {
  read(): Freeze | null;
  write(freeze: Freeze | null): void;
}
