import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import { fail, ok } from "#proto/vocabulary/result.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { exits } from "./exits.ts";
import type { Why } from "./why.ts";

/**
 * The store may be older than the world: it was restored, or hosts know a later term than it does.
 * Until two people have looked, nothing is begun that changes a host, and nothing that was begun goes
 * on: what the store remembers may have been done long ago, and undone.
 */
export interface SafeMode {
  readonly sinceMs: UnixMs;
  readonly because: "restored" | "hosts-ahead";
  /** The store's term when it was found. */
  readonly storeTerm: number;
  /** The latest that hosts told; null: none was later. */
  readonly seenTerm: number | null;
  /** When the backup was made that is the store now; null: it is none. */
  readonly backupMs: UnixMs | null;
  /** Hosts that know a later term, the first of them. */
  readonly hosts: readonly HostId[];
  readonly acknowledged: readonly Acknowledgement[];
}

/** Why nothing goes on meanwhile. */
export const safeModeWhy: Why = {
  code: "safe-mode",
  words:
    "the manager's store was restored, or is older than its hosts: nothing is begun until two people have looked",
  who: "two people with the role security",
  command: exits.acknowledgeStore(),
  untilMs: null,
};

export interface Acknowledgement {
  readonly by: string;
  readonly atMs: UnixMs;
  readonly reason: string;
}

export const acknowledgersNeeded = 2;
/** Terms rise by one with each take-over: a host that says more than this beyond the store's is odd. */
export const termStepMax = 1_000_000;
/** So many must say it: one host alone may be in the wrong hands. */
const hostsNeededMax = 3;
/** Of the hosts that know a later term so many are named. */
export const hostsNamedMax = 20;

export type TermVerdict =
  | { readonly kind: "sound" }
  /** Some say so, too few to be believed, or what cannot be: their own trouble, and they obey nobody. */
  | { readonly kind: "odd"; readonly hosts: readonly HostId[] }
  | { readonly kind: "behind"; readonly seenTerm: number; readonly hosts: readonly HostId[] };

/**
 * Is the store behind its hosts? `told` is the term that each connected host said it knows. Two hosts
 * or fewer in the cell: all of them must say so, else three.
 */
export function judgeTerms(ask: {
  readonly storeTerm: number;
  readonly told: ReadonlyMap<HostId, number>;
  readonly hostsKnown: number;
}): TermVerdict {
  const { storeTerm, told, hostsKnown } = ask;
  const odd: HostId[] = [];
  const ahead: HostId[] = [];
  let seenTerm = storeTerm;
  for (const [hostId, term] of told) {
    if (term <= storeTerm) continue;
    if (!Number.isSafeInteger(term) || term > storeTerm + termStepMax) odd.push(hostId);
    else {
      ahead.push(hostId);
      seenTerm = Math.max(seenTerm, term);
    }
  }
  const needed = Math.min(hostsNeededMax, Math.max(1, hostsKnown));
  if (ahead.length >= needed)
    return { kind: "behind", seenTerm, hosts: ahead.slice(0, hostsNamedMax) };
  const doubtful = [...odd, ...ahead];
  return doubtful.length === 0 ? { kind: "sound" } : { kind: "odd", hosts: doubtful };
}

/** With this person's word; `over`: it was the last that was needed. */
export function acknowledge(
  mode: SafeMode,
  word: Acknowledgement,
): Result<{ readonly mode: SafeMode; readonly isOver: boolean }, "same-person"> {
  if (mode.acknowledged.some(({ by }) => by === word.by)) return fail("same-person");
  const acknowledged = [...mode.acknowledged, word];
  return ok({
    mode: { ...mode, acknowledged },
    isOver: acknowledged.length >= acknowledgersNeeded,
  });
}

/** Implemented in fleet/storage on both engines. */
export interface SafeModeStore {
  /** null: the store is trusted. */
  read(): Promise<SafeMode | null>;
  /**
   * Hosts know a later term: the store's is raised above it, so that they obey again, nobody leads
   * until somebody has taken over anew, and safe mode begins. Where the store's term is as late
   * already nothing happens.
   */
  enter(found: {
    readonly seenTerm: number;
    readonly hosts: readonly HostId[];
    readonly atMs: UnixMs;
  }): Promise<SafeMode | null>;
  /** One person has looked; null: that was the last word needed, and safe mode is over. */
  acknowledge(
    word: Acknowledgement,
  ): Promise<Result<SafeMode | null, "same-person" | "not-in-safe-mode">>;
}
