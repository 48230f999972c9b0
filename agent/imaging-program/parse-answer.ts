import type { ImagingAnswer } from "#proto/messages/imaging.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";

const tokenCharactersMax = 48 * 1024;
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Answer to a hello, out of what anybody on the network could have sent. */
export function parseImagingAnswer(text: string): Result<ImagingAnswer, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail("the answer is no JSON");
  }
  if (typeof value !== "object" || value === null) return fail("the answer is no object");
  const { kind, token, signature, keyId } = value as Readonly<Record<string, unknown>>;
  if (kind === "idle") return ok({ kind });
  if (kind !== "order") return fail("the answer is neither idle nor an order");
  if (typeof token !== "string" || token.length > tokenCharactersMax || !base64.test(token))
    return fail("the order's token is not base64 of a fair length");
  if (typeof signature !== "string" || signature.length > 128 || !base64.test(signature))
    return fail("the order's signature is not base64 of a fair length");
  if (typeof keyId !== "string" || !/^[0-9a-f]{64}$/.test(keyId))
    return fail("the order does not name a key");
  return ok({ kind, token, signature, keyId });
}
