import type { People, Person } from "#fleet/identity/people.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { fail, ok } from "#proto/vocabulary/result.ts";
import { unixMs } from "#proto/vocabulary/units.ts";

/** The people port with secrets a reader of a test can tell apart: `link-1`, `session-2`. */
export function createMemoryPeople(clock: Clock): People {
  const links = new Map<string, string>();
  const sessions = new Map<string, Person>();
  const tokens = new Map<string, Person>();
  let count = 0;
  const secret = (kind: string): string => {
    count += 1;
    return `${kind}-${count}`;
  };
  const later = (ms: number) => unixMs(clock.nowUnixMs() + ms);
  const live = (person: Person | undefined): Person | undefined =>
    person !== undefined && person.expiresMs > clock.nowUnixMs() ? person : undefined;
  return {
    async createSigninLink(name) {
      const made = secret("link");
      links.set(made, name);
      return { secret: made, expiresMs: later(15 * 60_000) };
    },
    async signIn(linkSecret) {
      const name = links.get(linkSecret);
      if (name === undefined) return fail("link-unknown");
      links.delete(linkSecret);
      const person: Person = { name, via: "session", expiresMs: later(8 * 3_600_000) };
      const made = secret("session");
      sessions.set(made, person);
      return ok({ secret: made, person });
    },
    async createApiToken(name, validMs) {
      const made = secret("token");
      tokens.set(made, { name, via: "api-token", expiresMs: later(validMs) });
      return { secret: made, expiresMs: later(validMs) };
    },
    fromSession: async (session) => live(sessions.get(session)),
    fromApiToken: async (token) => live(tokens.get(token)),
    async signOut(session) {
      sessions.delete(session);
    },
  };
}
