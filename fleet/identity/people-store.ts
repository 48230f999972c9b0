import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { StoredSecret } from "./identity-store.ts";
import type { By, User } from "./people.ts";

export interface StoredUser extends Omit<User, "hasPassword"> {
  /** In the form of `PasswordHasher`; null: no password opens anything. */
  readonly passwordHash: string | null;
}

/** Who did what to a user or a token, written into the audit with the change. */
export interface PeopleAudit {
  readonly by: By;
  readonly atMs: UnixMs;
  /** `user.add`, `token.revoke` … */
  readonly action: string;
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
}

/** Implemented in fleet/storage on both engines; one contract test. Each call is one transaction. */
export interface PeopleStore {
  /** By name. */
  listUsers(): Promise<readonly StoredUser[]>;
  findUser(name: string): Promise<StoredUser | undefined>;
  /**
   * `expectedVersion` 0: a new one. `isEnding`: their sessions and links are over. Refused where it
   * would leave the cell, which has one now, without anybody enabled who has the role security.
   */
  writeUser(
    user: StoredUser,
    expectedVersion: number,
    options: { readonly isEnding: boolean; readonly audit: PeopleAudit },
  ): Promise<"written" | "moved" | "last-security">;
  /** API tokens, oldest first. */
  listTokens(): Promise<readonly StoredSecret[]>;
  addToken(token: StoredSecret, audit: PeopleAudit): Promise<void>;
  /** By its public id; undefined: there is none. */
  removeToken(id: string, audit: PeopleAudit): Promise<StoredSecret | undefined>;
}

/** Slow on purpose, and off the thread that serves. Implemented outside: it takes the machine's time. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** False also where the kept text cannot be understood. */
  verify(password: string, kept: string): Promise<boolean>;
}

/** Public id of a session or a token: tells of the secret nothing that helps to find it. */
export function secretId(secretSha256: string): string {
  return secretSha256.slice(0, 16);
}
