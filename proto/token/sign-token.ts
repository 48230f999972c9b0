import { createHash, type KeyObject, sign, verify } from "node:crypto";
import type { ReimageToken, SignedToken } from "#proto/messages/reimage-token.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { decodeToken, encodeToken } from "./token-bytes.ts";

/** SHA-256 of a public key's SPKI in DER, lower-case hexadecimal. */
export function tokenKeyId(publicKey: KeyObject): string {
  const der = publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("hex");
}

export interface TokenKey {
  /** Ed25519. */
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Throws TokenFault where the token is none. */
export function signToken(token: ReimageToken, { privateKey, publicKey }: TokenKey): SignedToken {
  requireEd25519(privateKey);
  requireEd25519(publicKey);
  const bytes = encodeToken(token);
  return { token, bytes, signature: sign(null, bytes, privateKey), keyId: tokenKeyId(publicKey) };
}

/** `detail`: for people. */
export interface SignatureProblem {
  readonly kind: "unknown-key" | "bad-signature" | "not-a-token";
  readonly detail: string;
}

/**
 * The token, where one of the keys signed exactly these bytes. Nothing of it is read before the
 * signature holds. Keys are looked up by the id that is computed of them, never by a name that was
 * sent. Never throws.
 */
export function verifyToken(
  signed: Omit<SignedToken, "token">,
  keys: readonly KeyObject[],
): Result<ReimageToken, SignatureProblem> {
  const key = keys.find(
    (one) => one.asymmetricKeyType === "ed25519" && tokenKeyId(one) === signed.keyId,
  );
  if (key === undefined)
    return fail({
      kind: "unknown-key",
      detail: `key ${signed.keyId.slice(0, 16)} is none of those that may sign here`,
    });
  if (signed.signature.length !== 64 || !verify(null, signed.bytes, key, signed.signature))
    return fail({ kind: "bad-signature", detail: "the signature is not over these bytes" });
  const token = decodeToken(signed.bytes);
  return token.ok
    ? ok(token.value)
    : fail({ kind: "not-a-token", detail: `signed, and no token: ${token.problem.detail}` });
}

function requireEd25519(key: KeyObject): void {
  if (key.asymmetricKeyType !== "ed25519")
    throw new TypeError(`tokens are signed by Ed25519, not by ${key.asymmetricKeyType}`);
}
