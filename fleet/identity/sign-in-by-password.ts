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
 * and gives the same answer.
 */
export function createSignInByPassword(effects: {
  readonly users: Pick<PeopleStore, "findUser">;
  readonly passwords: PasswordHasher;
  readonly clock: Clock;
  readonly openSession: (
    name: string,
  ) => Promise<{ readonly secret: string; readonly person: Person } | undefined>;
}): People["signInByPassword"] {
  const { users, passwords, clock } = effects;
  const brake = createSigninBrake(clock);
  let nobodys: Promise<string> | undefined;

  return async (name, password, address) => {
    const key = `${address} ${name}`;
    const waitMs = brake.waitMs(key);
    if (waitMs > 0) return fail({ kind: "wait", waitMs });
    // Counted before it is looked at: a hundred at once are not one.
    brake.failed(key);
    nobodys ??= passwords.hash("nobody's password");
    const user = await users.findUser(name);
    const kept = user?.passwordHash ?? (await nobodys);
    const isRight =
      password.length <= lengthMax && (await passwords.verify(plainPassword(password), kept));
    const mayEnter = user !== undefined && user.passwordHash !== null && !user.isDisabled;
    if (!isRight || !mayEnter) return fail({ kind: "refused" });
    const session = await effects.openSession(user.name);
    if (session === undefined) return fail({ kind: "refused" });
    brake.succeeded(key);
    return ok(session);
  };
}
