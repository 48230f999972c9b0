import type { ReimageToken } from "#proto/messages/reimage-token.ts";
import { canonicalJson } from "#proto/vocabulary/canonical-json.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { readToken, TokenFault } from "./token-fields.ts";
import { tokenLimits } from "./token-limits.ts";

/** What is signed begins with this: a signature over anything else is none over a token. */
export const tokenDomain = "wws-reimage-token/1\n";

/**
 * A token's one spelling: the domain, then canonical JSON, UTF-8. People who approve can read it, and
 * every implementation writes the same bytes. Throws TokenFault where it is no token.
 */
export function encodeToken(token: ReimageToken): Uint8Array {
  const bytes = Buffer.from(tokenDomain + canonicalJson(readToken(token)), "utf8");
  if (bytes.length > tokenLimits.bytesMax)
    throw new TokenFault(`the token has ${bytes.length} bytes, more than ${tokenLimits.bytesMax}`);
  return bytes;
}

/** `detail`: what is wrong and where, for people. */
export interface TokenProblem {
  readonly kind: "too-long" | "not-a-token" | "not-canonical";
  readonly detail: string;
}

/** Bytes → token; whatever is not exactly as `encodeToken` writes it is refused. Never throws. */
export function decodeToken(bytes: Uint8Array): Result<ReimageToken, TokenProblem> {
  if (bytes.length > tokenLimits.bytesMax)
    return fail({
      kind: "too-long",
      detail: `${bytes.length} bytes are more than ${tokenLimits.bytesMax}`,
    });
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  if (!text.startsWith(tokenDomain))
    return fail({ kind: "not-a-token", detail: "it does not begin as a reimage token does" });
  try {
    const token = readToken(JSON.parse(text.slice(tokenDomain.length)));
    if (Buffer.compare(encodeToken(token), bytes) !== 0)
      return fail({ kind: "not-canonical", detail: "the same token has another spelling" });
    return ok(token);
  } catch (error) {
    // JSON that is none, one nested beyond the stack, a field that is not of its form.
    const detail = error instanceof TokenFault ? error.message : "it is no JSON";
    return fail({ kind: "not-a-token", detail });
  }
}
