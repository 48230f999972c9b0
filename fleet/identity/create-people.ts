import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { fail, ok } from "#proto/vocabulary/result.ts";
import { type MonotonicMs, type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import type { IdentityStore, StoredSecret } from "./identity-store.ts";
import { secretHash } from "./join-token.ts";
import type { People, Person } from "./people.ts";

const minuteMs = 60_000;
const signinLinkMs = 15 * minuteMs;
const sessionMs = 8 * 60 * minuteMs;
const sessionIdleMs = 30 * minuteMs;
/** Use of a secret is written down at most this often. */
const noteEveryMs = minuteMs;
/** Sessions whose last use is kept in memory; beyond it the store's note decides. */
const seenMax = 10_000;
/** Much longer than any secret of ours: not worth hashing. */
const secretLengthMax = 128;

/** People and their tools. Secrets are 256 random bits, handed out once and stored hashed. */
export function createPeople(effects: {
  readonly store: Pick<
    IdentityStore,
    "insertSecret" | "findSecret" | "touchSecret" | "takeSecret" | "removeExpired"
  >;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}): People {
  const { store, clock, random, log } = effects;
  /** Last use by the monotonic clock: a wall clock that jumps must not end everybody's session. */
  const seen = new Map<string, MonotonicMs>();
  let isUnwritten = false;

  const issue = async (
    kind: StoredSecret["kind"],
    name: string,
    validMs: number,
  ): Promise<{ secret: string; expiresMs: UnixMs }> => {
    const now = clock.nowUnixMs();
    const secret = Buffer.from(random.bytes(32)).toString("base64url");
    const expiresMs = unixMs(now + validMs);
    await store.removeExpired({ secretsMs: now, tokensMs: unixMs(0) });
    await store.insertSecret({
      secretSha256: secretHash(secret),
      kind,
      name,
      createdMs: now,
      expiresMs,
      lastUsedMs: now,
    });
    log.info({ kind, person: name, expiresMs }, "secret issued");
    return { secret, expiresMs };
  };

  const find = async (
    secret: string,
    kind: StoredSecret["kind"],
  ): Promise<StoredSecret | undefined> => {
    if (secret.length === 0 || secret.length > secretLengthMax) return undefined;
    const stored = await store.findSecret(secretHash(secret));
    return stored?.kind === kind && stored.expiresMs > clock.nowUnixMs() ? stored : undefined;
  };

  /** A store that cannot be written, on a full disk say, keeps nobody out. */
  const bestEffort = async (write: Promise<unknown>): Promise<void> => {
    try {
      await write;
      isUnwritten = false;
    } catch (error) {
      if (!isUnwritten) log.warn({ err: error }, "use of a secret could not be written down");
      isUnwritten = true;
    }
  };

  const noteUse = async (stored: StoredSecret): Promise<void> => {
    const now = clock.nowUnixMs();
    if (Math.abs(now - stored.lastUsedMs) >= noteEveryMs)
      await bestEffort(store.touchSecret(stored.secretSha256, now));
  };

  const idleMs = (stored: StoredSecret): number => {
    const lastSeen = seen.get(stored.secretSha256);
    return lastSeen === undefined
      ? clock.nowUnixMs() - stored.lastUsedMs
      : clock.nowMonotonicMs() - lastSeen;
  };

  const see = (secretSha256: string): void => {
    seen.delete(secretSha256);
    seen.set(secretSha256, clock.nowMonotonicMs());
    if (seen.size <= seenMax) return;
    const oldest = seen.keys().next();
    if (!oldest.done) seen.delete(oldest.value);
  };

  return {
    createSigninLink: (name) => issue("signin-link", name, signinLinkMs),

    async signIn(linkSecret) {
      const link = await find(linkSecret, "signin-link");
      if (link === undefined) return fail("link-unknown");
      // Two browsers with the same link: one of them takes it.
      const taken = await store.takeSecret(link.secretSha256, "signin-link");
      if (taken === undefined) return fail("link-unknown");
      const { secret, expiresMs } = await issue("session", taken.name, sessionMs);
      see(secretHash(secret));
      return ok({ secret, person: { name: taken.name, via: "session", expiresMs } });
    },

    createApiToken: (name, validMs) => issue("api-token", name, validMs),

    async fromSession(secret): Promise<Person | undefined> {
      const stored = await find(secret, "session");
      if (stored === undefined) return undefined;
      const { secretSha256, name, expiresMs } = stored;
      if (idleMs(stored) > sessionIdleMs) {
        seen.delete(secretSha256);
        await bestEffort(store.takeSecret(secretSha256, "session"));
        return undefined;
      }
      see(secretSha256);
      await noteUse(stored);
      return { name, via: "session", expiresMs };
    },

    async fromApiToken(secret): Promise<Person | undefined> {
      const stored = await find(secret, "api-token");
      if (stored === undefined) return undefined;
      await noteUse(stored);
      return { name: stored.name, via: "api-token", expiresMs: stored.expiresMs };
    },

    async signOut(secret) {
      if (secret.length === 0 || secret.length > secretLengthMax) return;
      const secretSha256 = secretHash(secret);
      seen.delete(secretSha256);
      await store.takeSecret(secretSha256, "session");
    },
  };
}
