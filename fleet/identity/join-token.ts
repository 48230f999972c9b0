import { createHash } from "node:crypto";
import type { Random } from "#proto/vocabulary/random.ts";

// wws1.SECRET.CAHASH: 256 random bits and the SHA-256 of the authority's public key, both base64url.
// The agent uses the second half to know the manager before it says the first.

export interface JoinToken {
  /** SHA-256 of the secret, hex: all that is stored. */
  readonly secretSha256: string;
  /** Of the cell's authority, hex. */
  readonly caKeySha256: string;
}

const form = /^wws1\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/;

export function newJoinToken(
  caKeySha256: string,
  random: Random,
): { readonly text: string; readonly secretSha256: string } {
  const secret = Buffer.from(random.bytes(32)).toString("base64url");
  const caHash = Buffer.from(caKeySha256, "hex").toString("base64url");
  return { text: `wws1.${secret}.${caHash}`, secretSha256: secretHash(secret) };
}

/** undefined: not a token of this form. */
export function parseJoinToken(text: string): JoinToken | undefined {
  const [, secret, caHash] = form.exec(text) ?? [];
  if (secret === undefined || caHash === undefined) return undefined;
  return {
    secretSha256: secretHash(secret),
    caKeySha256: Buffer.from(caHash, "base64url").toString("hex"),
  };
}

/** SHA-256, hex. Enough for a secret of 256 random bits: nobody can go through them. */
export function secretHash(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
