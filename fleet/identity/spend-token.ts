import type { Clock } from "#proto/vocabulary/clock.ts";
import type { KeyFingerprint } from "#proto/vocabulary/ids.ts";
import type { RefusalCode } from "#proto/vocabulary/refusal.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import type { IdentityStore, StoredToken } from "./identity-store.ts";
import { parseJoinToken } from "./join-token.ts";

export interface Waiting {
  /** Whether the machine could be taken into pending, should the token lead there. */
  readonly mayWait: () => Promise<boolean>;
  /** It has a place already: asking again costs no use of a batch token. */
  readonly alreadyWaits: boolean;
}

/**
 * Takes one use of the token for this key, or says why not. A key that took the last use before may
 * come back with the same token: its answer was lost. A key that an operator turned away needs a
 * token that was made after that.
 */
export async function spendToken(
  effects: {
    readonly store: IdentityStore;
    readonly ca: CertificateAuthority;
    readonly clock: Clock;
  },
  key: KeyFingerprint,
  text: string,
  waiting: Waiting,
): Promise<Result<StoredToken, RefusalCode>> {
  const { store, ca, clock } = effects;
  const parsed = parseJoinToken(text);
  if (parsed === undefined || parsed.caKeySha256 !== ca.keySha256) return fail("token-wrong");
  const turnedAway = await store.findTurnedAway(key);
  // Each turn somebody else has taken a use, so this ends with the last one.
  for (;;) {
    const token = await store.findToken(parsed.secretSha256);
    if (token === undefined) return fail("token-wrong");
    if (turnedAway !== undefined && token.createdMs <= turnedAway.sinceMs)
      return fail(turnedAway.why === "revoked" ? "identity-removed" : "pending-removed");
    if (token.usedBy === key && token.usesLeft === 0) return ok(token);
    if (token.expiresMs <= clock.nowUnixMs()) return fail("token-expired");
    if (token.kind === "pending" && waiting.alreadyWaits) return ok(token);
    if (token.usesLeft <= 0) return fail("token-used");
    if (token.kind === "pending" && !(await waiting.mayWait())) return fail("overloaded");
    if (await store.takeTokenUse(token.id, token.usesLeft, key)) return ok(token);
  }
}
