import type { Clock } from "#proto/vocabulary/clock.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { type Grant, grantWords, isNoWider, uniqueGrants } from "./grants.ts";
import type { By, People, User, UserProblem } from "./people.ts";
import type { PasswordHasher, PeopleStore, StoredUser } from "./people-store.ts";
import { checkPassword, readUserName } from "./user-names.ts";

type UserDesk = Pick<
  People,
  "users" | "user" | "addUser" | "setDisabled" | "changeGrants" | "setPassword"
>;

/**
 * Adds and changes people. Whoever may do less from now on is signed out at once: what they had open
 * ends, and they sign in again as what they are.
 */
export function createUserDesk(effects: {
  readonly users: PeopleStore;
  readonly passwords: PasswordHasher;
  readonly clock: Clock;
  readonly revoked: (who: { readonly name: string }) => void;
}): UserDesk {
  const { users, passwords, clock, revoked } = effects;

  const change = async (
    name: string,
    make: (user: StoredUser) => Partial<StoredUser>,
    how: {
      readonly action: string;
      readonly by: By;
      readonly facts: Readonly<Record<string, string | number | boolean | null>>;
      readonly isEnding: (user: StoredUser) => boolean;
    },
  ): Promise<Result<User, UserProblem>> => {
    const before = await users.findUser(name);
    if (before === undefined) return fail({ kind: "unknown" });
    const after = { ...before, ...make(before), version: before.version + 1 };
    const { action, by, facts } = how;
    const isEnding = how.isEnding(before);
    const written = await users.writeUser(after, before.version, {
      isEnding,
      audit: { by, atMs: clock.nowUnixMs(), action, facts },
    });
    if (written !== "written") return fail({ kind: written });
    if (isEnding) revoked({ name });
    return ok(view(after));
  };

  return {
    users: async () => (await users.listUsers()).map(view),

    async user(name) {
      const user = await users.findUser(name);
      return user && view(user);
    },

    async addUser({ name, displayName, kind, grants }, by) {
      const checked = readUserName(name);
      if (!checked.ok) return fail({ kind: "name-invalid", words: checked.problem });
      if ((await users.findUser(name)) !== undefined) return fail({ kind: "name-taken" });
      const user: StoredUser = {
        name,
        displayName,
        kind,
        isDisabled: false,
        grants: uniqueGrants(grants),
        passwordHash: null,
        createdMs: clock.nowUnixMs(),
        version: 1,
      };
      const facts = { kind, grants: wordsOf(grants) };
      const audit = { by, atMs: clock.nowUnixMs(), action: "user.add", facts };
      const written = await users.writeUser(user, 0, { isEnding: false, audit });
      return written === "written" ? ok(view(user)) : fail({ kind: "name-taken" });
    },

    setDisabled: (name, isDisabled, by) =>
      change(name, () => ({ isDisabled }), {
        action: isDisabled ? "user.disable" : "user.enable",
        by,
        facts: {},
        isEnding: () => isDisabled,
      }),

    changeGrants(name, { add, remove }, by) {
      const isTaken = (grant: Grant): boolean =>
        remove.some(({ role, scope }) => role === grant.role && scope === grant.scope);
      const after = ({ grants }: StoredUser): readonly Grant[] =>
        uniqueGrants([...grants.filter((grant) => !isTaken(grant)), ...add]);
      return change(name, (user) => ({ grants: after(user) }), {
        action: "user.grants",
        by,
        facts: { given: wordsOf(add), taken: wordsOf(remove) },
        isEnding: (user) => !isNoWider(user.grants, after(user)),
      });
    },

    async setPassword(name, password, by) {
      const user = await users.findUser(name);
      if (user?.kind === "service") return fail({ kind: "is-service" });
      let passwordHash: string | null = null;
      if (password !== null) {
        const checked = checkPassword(password, name);
        if (!checked.ok) return fail({ kind: "password-weak", words: checked.problem });
        passwordHash = await passwords.hash(checked.value);
      }
      return change(name, () => ({ passwordHash }), {
        action: password === null ? "user.password-off" : "user.password",
        by,
        facts: {},
        isEnding: () => true,
      });
    },
  };
}

function view({ passwordHash, ...user }: StoredUser): User {
  return { ...user, hasPassword: passwordHash !== null };
}

function wordsOf(grants: readonly Grant[]): string {
  return grants.length === 0 ? "none" : uniqueGrants(grants).map(grantWords).join(", ");
}
