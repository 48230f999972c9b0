import { fail, ok, type Result } from "#proto/vocabulary/result.ts";

/** What an operator hands to a new host: a secret, and the hash of the key of the cell's authority. */
export interface JoinToken {
  /** As it was given; this is what the manager is shown. */
  readonly text: string;
  /** SHA-256 of the authority's SPKI, hex. */
  readonly caKeySha256: string;
}

/** `wws1.SECRET.CAHASH`, each 32 bytes in base64url. The problem never quotes the token. */
export function parseJoinToken(text: string): Result<JoinToken, string> {
  const trimmed = text.trim();
  const wrong = (what: string) =>
    fail(
      `this is no join token: ${what}; copy the whole line that \`wws-fleet enroll token\` printed`,
    );
  const [version, secret, hash, ...more] = trimmed.split(".");
  if (version !== "wws1") return wrong("it does not begin with wws1.");
  if (secret === undefined || hash === undefined || more.length > 0) {
    return wrong("it does not have three parts");
  }
  if (!is32Bytes(secret) || !is32Bytes(hash)) return wrong("a part of it is cut or damaged");
  return ok({ text: trimmed, caKeySha256: Buffer.from(hash, "base64url").toString("hex") });
}

function is32Bytes(part: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(part) && Buffer.from(part, "base64url").byteLength === 32;
}
