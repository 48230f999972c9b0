import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
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
}

export async function createSafeModeWatch(parts: {
  readonly store: SafeModeStore;
  /** Of this manager; 0 while it does not lead. */
  readonly term: () => number;
  readonly countHosts: () => Promise<number>;
  readonly clock: Clock;
  readonly log: Log;
  /** Safe mode is over: somebody took the store for what it is. */
  readonly onEnd?: () => Promise<void>;
}): Promise<SafeModeWatch> {
  const { store, clock, log } = parts;
  let mode = await store.read();
  const terms = new Map<HostId, number>();
  let judging: Promise<void> | null = null;

  const judge = async (): Promise<void> => {
    const storeTerm = parts.term();
    if (storeTerm === 0) return;
    const verdict = judgeTerms({ storeTerm, told: terms, hostsKnown: await parts.countHosts() });
    if (verdict.kind === "odd")
      log.warn({ hosts: verdict.hosts, term: storeTerm }, "a few hosts say a later term than ours");
    if (verdict.kind !== "behind") return;
    const { seenTerm, hosts } = verdict;
    mode = await store.enter({ seenTerm, hosts, atMs: clock.nowUnixMs() });
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
      mode = await store.read();
      judgeSoon();
    },
    async acknowledge(by, reason) {
      const answer = await store.acknowledge({ by, reason, atMs: clock.nowUnixMs() });
      if (!answer.ok) return answer;
      mode = answer.value;
      if (mode === null) {
        log.warn({ by }, "safe mode is over");
        await parts.onEnd?.();
      }
      return answer;
    },
  };
}
