import type { HostId } from "#proto/vocabulary/ids.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import { judgeTerms, type SafeMode, type SafeModeStore, safeModeWhy } from "./safe-mode.ts";
import type { Why } from "./why.ts";

/** Whether the store is trusted, kept in memory, and what hosts say against it. */
export interface SafeModeWatch {
  /** null: it is trusted. */
  mode(): SafeMode | null;
  /** Why nothing goes on; empty: nothing stands against it. */
  whys(): readonly Why[];
  /** A host said which term it knows. Returns at once. */
  told(hostId: HostId, term: number): void;
  /** Another manager may have led meanwhile: what is stored is read again, and what was told judged. */
  takenOver(): Promise<void>;
  acknowledge(
    by: string,
    reason: string,
  ): Promise<Result<SafeMode | null, "same-person" | "not-in-safe-mode">>;
  stop(): void;
}

/** While it lasts the store is asked so often: two people may have told another manager. */
const lookMs = 5_000;

export async function createSafeModeWatch(parts: {
  readonly store: SafeModeStore;
  /** Of this manager; 0 while it does not lead. */
  readonly term: () => number;
  readonly countHosts: () => Promise<number>;
  readonly clock: Clock;
  readonly log: Log;
  /** Safe mode is over, whichever manager was told: somebody took the store for what it is. */
  readonly onEnd?: () => Promise<void>;
}): Promise<SafeModeWatch> {
  const { store, clock, log } = parts;
  let mode = await store.read();
  const terms = new Map<HostId, number>();
  let judging: Promise<void> | null = null;
  let isStopped = false;
  let cancelLook: CancelTimer | null = null;
  /** How often it was said what stands: what was read of the store before that is old. */
  let said = 0;

  /** Answers whether safe mode is over by it. */
  const set = (next: SafeMode | null): boolean => {
    const isOver = mode !== null && next === null;
    mode = next;
    said += 1;
    lookLater();
    return isOver;
  };
  const look = async (): Promise<void> => {
    const saidBefore = said;
    const stored = await store.read();
    // Said while we read.
    if (said !== saidBefore || !set(stored)) return;
    log.warn({}, "safe mode is over: another manager was told");
    await parts.onEnd?.();
  };
  const lookLater = (): void => {
    cancelLook?.();
    cancelLook = null;
    if (isStopped || mode === null) return;
    cancelLook = clock.after(lookMs, () => {
      look().catch((err: unknown) => {
        log.warn({ err }, "safe mode could not be compared with the store");
        lookLater();
      });
    });
  };
  lookLater();

  const judge = async (): Promise<void> => {
    const storeTerm = parts.term();
    if (storeTerm === 0) return;
    const verdict = judgeTerms({ storeTerm, told: terms, hostsKnown: await parts.countHosts() });
    if (verdict.kind === "odd")
      log.warn({ hosts: verdict.hosts, term: storeTerm }, "a few hosts say a later term than ours");
    if (verdict.kind !== "behind") return;
    const { seenTerm, hosts } = verdict;
    set(await store.enter({ seenTerm, hosts, atMs: clock.nowUnixMs() }));
    if (mode !== null)
      log.error({ seenTerm, term: storeTerm }, "the store is older than the hosts: safe mode");
  };
  /** One at a time; what is told meanwhile is judged once more. */
  const judgeSoon = (): void => {
    if (judging !== null) return;
    judging = judge()
      .catch((err: unknown) => log.error({ err }, "what hosts say of the term was not judged"))
      .finally(() => {
        judging = null;
      });
  };

  return {
    mode: () => mode,
    whys: () => (mode === null ? [] : [safeModeWhy]),
    told(hostId, term) {
      terms.set(hostId, term);
      if (parts.term() !== 0 && term > parts.term()) judgeSoon();
    },
    async takenOver() {
      // What follows its end is done by who takes over, and the rest without holding that up.
      if (set(await store.read()))
        parts.onEnd?.().catch((err: unknown) => log.error({ err }, "safe mode was not left"));
      judgeSoon();
    },
    async acknowledge(by, reason) {
      const answer = await store.acknowledge({ by, reason, atMs: clock.nowUnixMs() });
      if (!answer.ok) {
        // Another manager was told before.
        if (answer.problem === "not-in-safe-mode" && mode !== null) await look();
        return answer;
      }
      set(answer.value);
      if (answer.value === null) {
        log.warn({ by }, "safe mode is over");
        await parts.onEnd?.();
      }
      return answer;
    },
    stop() {
      isStopped = true;
      cancelLook?.();
    },
  };
}
