import type { BootId } from "#proto/vocabulary/ids.ts";
import type { MonotonicMs } from "#proto/vocabulary/units.ts";

/** The session that holds a host's place while another one asks for it. */
export interface PlaceHolder {
  readonly bootId: BootId;
  /** When the last message came over it. */
  readonly heardMs: MonotonicMs;
  /** When a newcomer of another boot made us wait for a sign of life of it; null: none did. */
  readonly doubtedMs: MonotonicMs | null;
}

/**
 * `take`: the newcomer gets the place. `wait`: nobody knows yet, the newcomer comes back after
 * `retryAfterMs`. `clone`: two machines use one identity.
 */
export type PlaceVerdict =
  | { readonly kind: "take" }
  | { readonly kind: "wait"; readonly retryAfterMs: number }
  | { readonly kind: "clone" };

/**
 * SAFETY 3.4: one live session a host. The same boot is the same machine, whose old socket is half
 * open: the new one replaces it. Another boot is either that machine after a reboot, whose old
 * socket nobody closed, or a second machine with a copied key. What tells them apart is whether the
 * old session still *speaks* after the new one has called: a rebooted machine cannot. So a newcomer
 * waits for one proof time unless the old session has already been silent for so long; then a word
 * of the old one since proves two machines, silence proves a reboot.
 */
export function decidePlace(
  holder: PlaceHolder,
  newcomer: BootId,
  now: MonotonicMs,
  cloneProofMs: number,
): PlaceVerdict {
  if (holder.bootId === newcomer) return { kind: "take" };
  if (now - holder.heardMs >= cloneProofMs) return { kind: "take" };
  if (holder.doubtedMs !== null && holder.heardMs - holder.doubtedMs > inFlightMs)
    return { kind: "clone" };
  return {
    kind: "wait",
    retryAfterMs: Math.max(1, Math.ceil(holder.heardMs + cloneProofMs - now)),
  };
}

/** What a machine said before it went down may still arrive for so long. */
const inFlightMs = 2_000;
