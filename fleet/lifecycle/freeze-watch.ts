import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import {
  type Freeze,
  type FreezeFile,
  type FreezeStore,
  freezeWhy,
  type LiftProblem,
  mayWhileFrozen,
} from "./freeze.ts";
import type { LifeStore } from "./life-store.ts";
import type { Why } from "./why.ts";

/** Whether the cell is frozen, kept in memory: it holds from the moment it is said. */
export interface FreezeWatch {
  freeze(): Freeze | null;
  /** The store has said that it is frozen, or may be. */
  lookNow(): void;
  /** Why nothing goes on; empty: nothing stands against it. */
  whys(): readonly Why[];
  /** In force when it returns at the latest, whatever the store can do. */
  begin(by: string, reason: string): Promise<Freeze>;
  lift(by: string, reason: string, isAlone: boolean): Promise<Result<Freeze | null, LiftProblem>>;
  /** Another manager may have frozen or lifted meanwhile. */
  takenOver(): Promise<void>;
  stop(): void;
}

/**
 * While it is frozen the store is asked so often: another manager may lift it, a full disk recover.
 * While it is not, another manager may freeze it: who then writes anything is refused, and knows.
 */
const lookMs = { frozen: 5_000, free: 30_000 };

export async function createFreezeWatch(parts: {
  readonly store: FreezeStore;
  readonly file: FreezeFile;
  /** Profile `lab`: the exit names one person. */
  readonly isLiftedAlone?: boolean;
  readonly events: FleetEvents;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<FreezeWatch> {
  const { store, file, events, clock, log, isLiftedAlone = false } = parts;
  /** What the store does not have yet. */
  let unkept = file.read();
  let freeze = unkept ?? (await store.read());
  let isStopped = false;
  let cancelLook: CancelTimer | null = null;
  /** How often it was said what stands: what was read of the store before that is old. */
  let said = 0;

  const set = (next: Freeze | null): void => {
    const isOther = JSON.stringify(next) !== JSON.stringify(freeze);
    freeze = next;
    said += 1;
    if (isOther) events.publish({ kind: "freeze-changed" });
    lookLater();
  };
  const keep = async (): Promise<void> => {
    if (unkept === null) return;
    const kept = await store.begin(unkept);
    unkept = null;
    file.write(null);
    set(kept);
  };
  const look = async (): Promise<void> => {
    await keep();
    const saidBefore = said;
    const stored = await store.read();
    // Said while we read.
    if (unkept === null && said === saidBefore) set(stored);
  };
  const lookLater = (): void => {
    cancelLook?.();
    cancelLook = null;
    if (isStopped) return;
    cancelLook = clock.after(freeze === null ? lookMs.free : lookMs.frozen, lookNow);
  };
  const lookNow = (): void => {
    look().catch((err: unknown) => {
      log.warn({ err }, "the freeze could not be compared with the store");
      lookLater();
    });
  };
  lookLater();

  return {
    freeze: () => freeze,
    lookNow,
    whys: () => (freeze === null ? [] : [freezeWhy(freeze, isLiftedAlone)]),
    async begin(by, reason) {
      const wanted: Freeze = { sinceMs: clock.nowUnixMs(), by, reason, liftAsked: null };
      // Where one stands it stays; but another manager may have lifted it, and the store knows.
      unkept ??= wanted;
      if (freeze === null) {
        set(wanted);
        log.warn({ by, reason }, "the cell is frozen");
      }
      try {
        await keep();
      } catch (err) {
        log.error({ err }, "the store does not take the freeze: it is kept beside it and holds");
        keepBeside(unkept ?? wanted);
      }
      return freeze ?? wanted;
    },
    async lift(by, reason, isAlone) {
      await keep();
      const lifted = await store.lift({ by, reason, atMs: clock.nowUnixMs() }, isAlone);
      if (!lifted.ok) return lifted;
      set(lifted.value);
      if (lifted.value === null) log.warn({ by, reason }, "the freeze is lifted");
      return lifted;
    },
    async takenOver() {
      try {
        await look();
      } catch (err) {
        // One that the store does not have yet holds meanwhile; without one it must be known.
        if (unkept === null) throw err;
        log.warn({ err }, "the store does not take the freeze yet");
      }
    },
    stop() {
      isStopped = true;
      cancelLook?.();
    },
  };

  function keepBeside(wanted: Freeze): void {
    try {
      file.write(wanted);
    } catch (err) {
      log.error({ err }, "the freeze holds in memory alone: it would not outlive a restart");
    }
  }
}

/** The store, as it may be written while the cell is frozen. */
export function heldByFreeze(
  store: LifeStore,
  watch: Pick<FreezeWatch, "whys" | "lookNow">,
): LifeStore {
  return {
    ...store,
    async commit(change) {
      const [why] = watch.whys();
      if (why !== undefined && !mayWhileFrozen(change))
        return { ok: false, problem: { kind: "frozen", why } };
      const written = await store.commit(change);
      if (!written.ok && written.problem.kind === "frozen") watch.lookNow();
      return written;
    },
  };
}
