import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { LeaderRow, LeaderStore } from "./life-store.ts";

/** Who does not renew for so long has lost it; renewed three times as often. */
export const leadForMs = 15_000;
const renewEveryMs = 5_000;
/** It acts no more this long before its time is over: clocks of two managers may differ. */
const marginMs = 2_000;

/**
 * By no wall clock of ours is another's leadership over, for ours may be hours ahead: only what was
 * given up, and what was seen unrenewed for as long as a leadership lasts, is free.
 */
const noClock = unixMs(0);

export interface Leadership {
  /** Begins to ask; resolves after the first answer and, where it leads, when it may act. */
  start(): Promise<void>;
  /** Of what this manager writes and orders; 0, which every store and host refuses, while it does not lead. */
  term(): number;
  /** It leads, and what was read before is read again: it may act. */
  isLeader(): boolean;
  /** Gives it up, so that another one need not wait. */
  stop(): Promise<void>;
}

/**
 * Takes the leadership of the cell as soon as nobody holds it, and keeps it. It is held by two clocks
 * and against both: a process that was paused, and one whose wall clock was set, act no more before
 * they have asked again.
 */
export function createLeadership(parts: {
  readonly store: LeaderStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Another one for each process; one that is paused and its successor must differ. */
  readonly holder: string;
  /** At each take-over, before anything is done with it: what was read before may be old. */
  readonly prepare: (term: number) => Promise<void>;
  /** It leads from now on, and may act. */
  readonly begin: () => void;
}): Leadership {
  const { store, clock, log, holder } = parts;
  let held: { term: number; untilUnixMs: number; untilMonotonicMs: number } | null = null;
  let readyTerm = 0;
  let lastHolder: string | null = null;
  /** Another's leadership, and since when it was not renewed by our monotonic clock. */
  let seen: { row: LeaderRow; sinceMonotonicMs: number } | null = null;
  let preparing: Promise<void> | null = null;
  let isStopped = false;
  let cancelTimer = (): void => {};
  let round: Promise<void> = Promise.resolve();

  const heldTerm = (): number =>
    held !== null &&
    clock.nowUnixMs() < held.untilUnixMs &&
    clock.nowMonotonicMs() < held.untilMonotonicMs
      ? held.term
      : 0;

  const ask = async (): Promise<void> => {
    const fromUnixMs = clock.nowUnixMs();
    const fromMonotonicMs = clock.nowMonotonicMs();
    // Paused, or cut off from the store: what hosts said meanwhile was not heard.
    const wasAway = held !== null && heldTerm() === 0;
    const unrenewed =
      seen !== null && fromMonotonicMs - seen.sinceMonotonicMs >= leadForMs ? seen.row : undefined;
    const answer = await store.lead({
      holder,
      nowMs: noClock,
      untilMs: unixMs(fromUnixMs + leadForMs),
      ...(unrenewed === undefined ? {} : { unrenewed }),
    });
    if (answer.isLeader) seen = null;
    else if (seen === null || !isSame(seen.row, answer))
      seen = { row: answer, sinceMonotonicMs: clock.nowMonotonicMs() };
    if (!answer.isLeader) {
      if (held !== null) log.warn({ term: held.term, holder: answer.holder }, "leadership lost");
      else if (lastHolder !== answer.holder)
        log.info({ holder: answer.holder, term: answer.term }, "another manager leads this cell");
      lastHolder = answer.holder;
      held = null;
      return;
    }
    held = {
      term: answer.term,
      untilUnixMs: fromUnixMs + leadForMs - marginMs,
      untilMonotonicMs: fromMonotonicMs + leadForMs - marginMs,
    };
    // Nobody took over, but it is no other than a take-over: nobody is lost because we did not listen.
    if (wasAway) readyTerm = 0;
    if (readyTerm !== answer.term) preparing ??= prepare(answer.term);
  };

  /** Beside the renewals: reading a large cell may take longer than the leadership lasts. */
  const prepare = async (term: number): Promise<void> => {
    try {
      await parts.prepare(term);
      if (isStopped || heldTerm() !== term) return;
      readyTerm = term;
      parts.begin();
      log.info({ term }, "this manager leads its cell");
    } catch (error) {
      log.error({ err: error, term }, "the leadership was not taken up; it is tried again");
    } finally {
      preparing = null;
    }
  };

  const goRound = async (): Promise<void> => {
    try {
      await ask();
    } catch (error) {
      log.error({ err: error }, "the leadership could not be taken or kept; it is tried again");
    }
    if (!isStopped)
      cancelTimer = clock.after(renewEveryMs, () => {
        round = goRound();
      });
  };

  return {
    async start() {
      round = goRound();
      await round;
      await preparing;
    },
    term: heldTerm,
    isLeader: () => heldTerm() !== 0 && heldTerm() === readyTerm,
    async stop() {
      isStopped = true;
      cancelTimer();
      await round;
      await preparing;
      held = null;
      await store.release(holder);
    },
  };
}

function isSame(left: LeaderRow, right: LeaderRow): boolean {
  return left.term === right.term && left.holder === right.holder && left.untilMs === right.untilMs;
}
