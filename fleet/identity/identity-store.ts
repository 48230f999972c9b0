import type { HostId, KeyFingerprint, PendingId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { PendingView, TokenView } from "./host-identity.ts";

export interface PinnedKey {
  readonly fingerprint: KeyFingerprint;
  readonly hostId: HostId;
  readonly generation: number;
  readonly pinnedMs: UnixMs;
}

export interface StoredToken extends TokenView {
  /** SHA-256 of the secret, hex. */
  readonly secretSha256: string;
  /** Fingerprint that used a one-use token: the same key may ask again when an answer was lost. */
  readonly usedBy: KeyFingerprint | null;
}

/** A person's session, a sign-in link or an API token; all opaque secrets, kept hashed. */
export interface StoredSecret {
  readonly secretSha256: string;
  readonly kind: "session" | "signin-link" | "api-token";
  readonly name: string;
  readonly createdMs: UnixMs;
  readonly expiresMs: UnixMs;
  readonly lastUsedMs: UnixMs;
}

/** Implemented in fleet/storage on both engines; one contract test. */
export interface IdentityStore {
  findPinnedKey(fingerprint: KeyFingerprint): Promise<PinnedKey | undefined>;
  pinKey(key: PinnedKey): Promise<void>;
  /** All keys of a host; the answer is how many there were. Their fingerprints are kept as revoked. */
  unpinHost(hostId: HostId): Promise<number>;
  isRevoked(fingerprint: KeyFingerprint): Promise<boolean>;
  insertToken(token: StoredToken): Promise<void>;
  findToken(secretSha256: string): Promise<StoredToken | undefined>;
  listTokens(): Promise<readonly StoredToken[]>;
  /** Compare-and-swap on usesLeft; false: somebody else used it first, or it is spent. */
  useToken(id: string, usesLeftBefore: number, usedBy: KeyFingerprint): Promise<boolean>;
  upsertPending(pending: PendingView): Promise<void>;
  findPending(id: PendingId): Promise<PendingView | undefined>;
  findPendingByKey(fingerprint: KeyFingerprint): Promise<PendingView | undefined>;
  listPending(): Promise<readonly PendingView[]>;
  removePending(id: PendingId): Promise<boolean>;
  insertSecret(secret: StoredSecret): Promise<void>;
  findSecret(secretSha256: string): Promise<StoredSecret | undefined>;
  touchSecret(secretSha256: string, lastUsedMs: UnixMs): Promise<void>;
  /** Removes and answers whether it was there: a sign-in link works once. */
  takeSecret(secretSha256: string): Promise<StoredSecret | undefined>;
  removeExpired(nowMs: UnixMs): Promise<number>;
}
