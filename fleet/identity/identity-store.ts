import type { HostId, KeyFingerprint, PendingId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { Grant } from "./grants.ts";
import type { ApprovalRule, PendingView, TokenView } from "./host-identity.ts";

export interface PinnedKey {
  readonly fingerprint: KeyFingerprint;
  readonly hostId: HostId;
  readonly generation: number;
  readonly pinnedMs: UnixMs;
}

export interface StoredToken extends TokenView {
  /** SHA-256 of the secret, hex. */
  readonly secretSha256: string;
  /** Id that the host gets which this token enrols at once: asking twice makes one host. */
  readonly hostId: HostId;
  /** Fingerprint that used a one-use token: the same key may ask again when an answer was lost. */
  readonly usedBy: KeyFingerprint | null;
}

/** A key that an operator turned away: a host that was removed, a machine that may not wait. */
export interface TurnedAwayKey {
  readonly why: "revoked" | "dismissed";
  readonly sinceMs: UnixMs;
}

/** A person's session, a sign-in link or an API token; all opaque secrets, kept hashed. */
export interface StoredSecret {
  readonly secretSha256: string;
  readonly kind: "session" | "signin-link" | "api-token";
  readonly name: string;
  readonly createdMs: UnixMs;
  readonly expiresMs: UnixMs;
  readonly lastUsedMs: UnixMs;
  /** Of an API token: whose it is; null: nobody's. */
  readonly owner: string | null;
  /** Of an API token: null: all that its owner may. */
  readonly grants: readonly Grant[] | null;
}

/** Implemented in fleet/storage on both engines; one contract test. Each call is one transaction. */
export interface IdentityStore {
  findPinnedKey(fingerprint: KeyFingerprint): Promise<PinnedKey | undefined>;
  /**
   * Pins a key to a host that the inventory knows; the key stops waiting and is no longer turned
   * away. A key that is pinned already stays where it is. The answer is what stands now.
   */
  pinKey(key: PinnedKey): Promise<PinnedKey>;
  /**
   * The same where the host has no key of another machine yet: a planned host is one machine's.
   * undefined: another's key is pinned to it, or this one elsewhere.
   */
  pinOnlyKey(key: PinnedKey): Promise<PinnedKey | undefined>;
  /** Hosts that a key is pinned to. */
  listPinnedHosts(): Promise<ReadonlySet<HostId>>;
  /** All keys of a host; the answer is how many there were. Their fingerprints are kept as revoked. */
  unpinHost(hostId: HostId, sinceMs: UnixMs): Promise<number>;
  /** Keys that were unpinned and are not pinned again. */
  listRevokedKeys(): Promise<ReadonlySet<KeyFingerprint>>;
  findTurnedAway(fingerprint: KeyFingerprint): Promise<TurnedAwayKey | undefined>;
  insertToken(token: StoredToken): Promise<void>;
  findToken(secretSha256: string): Promise<StoredToken | undefined>;
  listTokens(): Promise<readonly StoredToken[]>;
  /** What approves machines that come with it; null: people. False: there is no such token. */
  setTokenRule(id: string, rule: ApprovalRule | null): Promise<boolean>;
  /** Compare-and-swap on usesLeft; false: somebody else used it first, or it is spent. */
  takeTokenUse(id: string, usesLeftBefore: number, usedBy: KeyFingerprint): Promise<boolean>;
  /** One row a key; the first id and time of a key stay. The key is no longer turned away. */
  upsertPending(pending: PendingView): Promise<void>;
  findPending(id: PendingId): Promise<PendingView | undefined>;
  findPendingByKey(fingerprint: KeyFingerprint): Promise<PendingView | undefined>;
  listPending(): Promise<readonly PendingView[]>;
  countPending(): Promise<number>;
  /** Removes it and keeps its key as dismissed; false: it was not there. */
  dismissPending(id: PendingId, sinceMs: UnixMs): Promise<boolean>;
  /** Forgets machines that have not asked since; the answer is how many. */
  removeSilentPending(lastSeenBeforeMs: UnixMs): Promise<number>;
  insertSecret(secret: StoredSecret): Promise<void>;
  findSecret(secretSha256: string): Promise<StoredSecret | undefined>;
  touchSecret(secretSha256: string, lastUsedMs: UnixMs): Promise<void>;
  /** Removes it and answers it, where it is there and of this kind: a sign-in link works once. */
  takeSecret(secretSha256: string, kind: StoredSecret["kind"]): Promise<StoredSecret | undefined>;
  /** Secrets and tokens whose time was over before these times; the answer is how many. */
  removeExpired(before: { readonly secretsMs: UnixMs; readonly tokensMs: UnixMs }): Promise<number>;
}
