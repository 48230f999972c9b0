import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { fail, ok } from "#proto/vocabulary/result.ts";
import { type MonotonicMs, unixMs } from "#proto/vocabulary/units.ts";
import { bothGrants, everything, type Grant, grantWords } from "./grants.ts";
import type { IdentityStore, StoredSecret } from "./identity-store.ts";
import { secretHash } from "./join-token.ts";
import { newcomer } from "./newcomer.ts";
import type { NewSecret, People, Person } from "./people.ts";
import { type PasswordHasher, type PeopleStore, secretId } from "./people-store.ts";
import { createPasswordDoor } from "./sign-in-by-password.ts";
import { createUserDesk } from "./user-desk.ts";

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
  readonly users: PeopleStore;
  readonly passwords: PasswordHasher;
  /** Profile `lab`: a link for a name that nobody has makes somebody who may do everything. */
  readonly welcomesNewcomers: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}): People {
  const { store, users, welcomesNewcomers, clock, random, log } = effects;
  /** Last use by the monotonic clock: a wall clock that jumps must not end everybody's session. */
  const seen = new Map<string, MonotonicMs>();
  let isUnwritten = false;
  const listeners = new Set<Parameters<People["onRevoked"]>[0]>();
  const revoked = (who: Parameters<Parameters<People["onRevoked"]>[0]>[0]): void => {
    for (const listener of listeners) listener(who);
  };

  const draw = (validMs: number): NewSecret & { readonly secretSha256: string } => {
    const secret = Buffer.from(random.bytes(32)).toString("base64url");
    const secretSha256 = secretHash(secret);
    const expiresMs = unixMs(clock.nowUnixMs() + validMs);
    return { secret, secretSha256, id: secretId(secretSha256), expiresMs };
  };

  const issue = async (
    kind: StoredSecret["kind"],
    name: string,
    validMs: number,
    grants: readonly Grant[] | null = null,
  ): Promise<NewSecret> => {
    const now = clock.nowUnixMs();
    const { secretSha256, ...made } = draw(validMs);
    await store.removeExpired({ secretsMs: now, tokensMs: unixMs(0) });
    await store.insertSecret({
      secretSha256,
      kind,
      name,
      createdMs: now,
      expiresMs: made.expiresMs,
      lastUsedMs: now,
      owner: null,
      grants,
    });
    log.info({ kind, person: name, expiresMs: made.expiresMs }, "secret issued");
    return made;
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

  /** What was used elsewhere, through another manager on the same store, stands in the store alone. */
  const idleMs = (stored: StoredSecret): number => {
    const lastSeen = seen.get(stored.secretSha256);
    const byStoreMs = clock.nowUnixMs() - stored.lastUsedMs;
    if (lastSeen === undefined) return byStoreMs;
    const hereMs = clock.nowMonotonicMs() - lastSeen;
    return byStoreMs < 0 ? hereMs : Math.min(hereMs, byStoreMs);
  };

  const see = (secretSha256: string): void => {
    seen.delete(secretSha256);
    seen.set(secretSha256, clock.nowMonotonicMs());
    if (seen.size <= seenMax) return;
    const oldest = seen.keys().next();
    if (!oldest.done) seen.delete(oldest.value);
  };

  /** A session of somebody who is there and enabled; undefined: there is no such person. */
  const personOf = async ({
    secretSha256,
    name,
    expiresMs,
  }: StoredSecret): Promise<Person | undefined> => {
    const user = await users.findUser(name);
    if (user === undefined || user.isDisabled || user.kind !== "person") return undefined;
    const credential = secretId(secretSha256);
    const { grants, kind } = user;
    return { name, via: "session", expiresMs, grants, kind, token: null, credential };
  };

  /** What a token lets do now: never more than its owner may. */
  const bearerOf = async (stored: StoredSecret): Promise<Person | undefined> => {
    const { name: token, owner, expiresMs } = stored;
    const credential = secretId(stored.secretSha256);
    const via = "api-token";
    if (owner === null) {
      const grants = stored.grants ?? [];
      return { name: token, via, expiresMs, grants, kind: "machine", token, credential };
    }
    const user = await users.findUser(owner);
    if (user === undefined || user.isDisabled) return undefined;
    const grants = stored.grants === null ? user.grants : bothGrants(stored.grants, user.grants);
    return { name: owner, via, expiresMs, grants, kind: user.kind, token, credential };
  };

  const endSession = async (secret: string): Promise<void> => {
    if (secret.length === 0 || secret.length > secretLengthMax) return;
    const secretSha256 = secretHash(secret);
    seen.delete(secretSha256);
    await store.takeSecret(secretSha256, "session");
  };

  const openSession = async (
    name: string,
  ): Promise<{ secret: string; person: Person } | undefined> => {
    const { secret } = await issue("session", name, sessionMs);
    const stored = await store.findSecret(secretHash(secret));
    const person = stored && (await personOf(stored));
    if (person === undefined) return undefined;
    see(secretHash(secret));
    return { secret, person };
  };

  return {
    welcomesNewcomers,

    async createSigninLink(name) {
      if (welcomesNewcomers && (await users.findUser(name)) === undefined)
        await users.writeUser(newcomer(name, clock.nowUnixMs()), 0, {
          isEnding: false,
          audit: {
            by: { name: "profile lab", reason: "a sign-in link was made for a new name" },
            atMs: clock.nowUnixMs(),
            action: "user.add",
            facts: { roles: "all" },
          },
        });
      return issue("signin-link", name, signinLinkMs);
    },

    async signIn(linkSecret) {
      const link = await find(linkSecret, "signin-link");
      if (link === undefined) return fail("link-unknown");
      // Two browsers with the same link: one of them takes it.
      const taken = await store.takeSecret(link.secretSha256, "signin-link");
      if (taken === undefined) return fail("link-unknown");
      const session = await openSession(taken.name);
      return session === undefined ? fail("link-unknown") : ok(session);
    },

    ...createPasswordDoor({ ...effects, openSession, endSession }),

    createApiToken: (name, validMs, grants = everything) =>
      issue("api-token", name, validMs, grants),

    async addToken({ owner, name, validMs, grants, by }) {
      const user = await users.findUser(owner);
      if (user === undefined) return fail("unknown");
      const now = clock.nowUnixMs();
      const tokens = await users.listTokens();
      const isTaken = tokens.some(
        (token) => token.owner === owner && token.name === name && token.expiresMs > now,
      );
      if (isTaken) return fail("name-taken");
      const { secretSha256, ...made } = draw(validMs);
      const { expiresMs } = made;
      await users.addToken(
        {
          secretSha256,
          kind: "api-token",
          name,
          createdMs: now,
          expiresMs,
          lastUsedMs: now,
          owner,
          grants,
        },
        {
          by: { name: by, reason: "" },
          atMs: now,
          action: "token.add",
          facts: { owner, expiresMs, grants: grants === null ? "all of the owner" : words(grants) },
        },
      );
      return ok(made);
    },

    async tokens(owner) {
      const now = clock.nowUnixMs();
      const live = (await users.listTokens()).filter(({ expiresMs }) => expiresMs > now);
      const wanted = live.filter((token) => owner === undefined || token.owner === owner);
      return wanted.map(({ secretSha256, kind: _kind, ...token }) => ({
        ...token,
        id: secretId(secretSha256),
      }));
    },

    async revokeToken(id, by) {
      const removed = await users.removeToken(id, {
        by: { name: by, reason: "" },
        atMs: clock.nowUnixMs(),
        action: "token.revoke",
        facts: {},
      });
      if (removed !== undefined) revoked({ credential: id });
      return removed !== undefined;
    },

    async fromSession(secret): Promise<Person | undefined> {
      const stored = await find(secret, "session");
      if (stored === undefined) return undefined;
      const { secretSha256 } = stored;
      if (idleMs(stored) > sessionIdleMs) {
        seen.delete(secretSha256);
        await bestEffort(store.takeSecret(secretSha256, "session"));
        return undefined;
      }
      const person = await personOf(stored);
      if (person === undefined) return undefined;
      see(secretSha256);
      await noteUse(stored);
      return person;
    },

    async fromApiToken(secret): Promise<Person | undefined> {
      const stored = await find(secret, "api-token");
      if (stored === undefined) return undefined;
      const person = await bearerOf(stored);
      if (person !== undefined) await noteUse(stored);
      return person;
    },

    async lookAgain(secret, via) {
      const stored = await find(secret, via);
      if (stored === undefined) return undefined;
      if (via === "api-token") return bearerOf(stored);
      return idleMs(stored) > sessionIdleMs ? undefined : personOf(stored);
    },

    signOut: endSession,

    ...createUserDesk({ ...effects, revoked }),

    onRevoked(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function words(grants: readonly Grant[]): string {
  return grants.map(grantWords).join(", ");
}
