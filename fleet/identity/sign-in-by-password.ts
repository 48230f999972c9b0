import type { Clock } from "#proto/vocabulary/clock.ts";
import { fail, ok } from "#proto/vocabulary/result.ts";
import type { People, Person } from "./people.ts";
import type { PasswordHasher, PeopleStore } from "./people-store.ts";
import { createSigninBrake } from "./signin-brake.ts";
import { plainPassword } from "./user-names.ts";

/** Longest that is looked at: what is longer is wrong without hashing it. */
const lengthMax = 512;

/**
 * Whether there is somebody of that name is not to be had: a name that nobody has takes the same time,
 * and gives the same answer. Whoever guesses waits, at the sign-in as within a session.
 */
export function createPasswordDoor(effects: {
  readonly users: Pick<PeopleStore, "findUser">;
  readonly passwords: PasswordHasher;
  readonly clock: Clock;
  readonly openSession: (
    name: string,
  ) => Promise<{ readonly secret: string; readonly person: Person } | undefined>;
  readonly endSession: (secret: string) => Promise<void>;
}): Pick<People, "signInByPassword" | "checkPassword"> {
  const { users, passwords, clock } = effects;
  const brake = createSigninBrake(clock);
  let nobodys: Promise<string> | undefined;

  const check = async (name: string, password: string, key: string) => {
    const waitMs = brake.waitMs(key);
    if (waitMs > 0) return fail({ kind: "wait", waitMs } as const);
    // Counted before it is looked at: a hundred at once are not one.
    brake.failed(key);
    nobodys ??= passwords.hash("nobody's password");
    const user = await users.findUser(name);
    const kept = user?.passwordHash ?? (await nobodys);
    const isRight =
      password.length <= lengthMax && (await passwords.verify(plainPassword(password), kept));
    const mayEnter = user !== undefined && user.passwordHash !== null && !user.isDisabled;
    return isRight && mayEnter ? ok(user) : fail({ kind: "refused" } as const);
  };
  const keyOf = (name: string, address: string): string => `${address} ${name}`;

  return {
    async signInByPassword(name, password, address) {
      const checked = await check(name, password, keyOf(name, address));
      if (!checked.ok) return checked;
      const session = await effects.openSession(name);
      if (session === undefined) return fail({ kind: "refused" });
      // Checking takes its time: a password that was changed meanwhile opens nothing.
      const now = await users.findUser(name);
      if (now === undefined || now.passwordHash !== checked.value.passwordHash) {
        await effects.endSession(session.secret);
        return fail({ kind: "refused" });
      }
      brake.succeeded(keyOf(name, address));
      return ok(session);
    },
    async checkPassword(name, password, address) {
      const checked = await check(name, password, keyOf(name, address));
      if (!checked.ok) return checked;
      brake.succeeded(keyOf(name, address));
      return ok(undefined);
    },
  };
}
