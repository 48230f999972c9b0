import { createHash } from "node:crypto";
import type { PasswordHasher } from "#fleet/identity/people-store.ts";

/** Fast, for tests that are not about passwords; how often it was asked. */
export function createPlainPasswords(): PasswordHasher & { readonly verified: () => number } {
  let verified = 0;
  const hash = (password: string): string =>
    `plain$${createHash("sha256").update(password).digest("hex")}`;
  return {
    hash: async (password) => hash(password),
    async verify(password, kept) {
      verified += 1;
      return kept === hash(password);
    },
    verified: () => verified,
  };
}
