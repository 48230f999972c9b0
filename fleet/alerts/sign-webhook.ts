import { createHmac } from "node:crypto";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";

/** Shortest secret, characters: what a person makes up is guessed. */
export const secretCharactersMin = 24;
/** Shortest key behind `whsec_`, bytes. */
const keyBytesMin = 16;
const base64Form = /^[A-Za-z0-9+/]+={0,2}$/;
/** The new and the old one, while receivers change over. */
export const secretsMax = 2;

/**
 * One or two secrets, a line each; empty lines are passed over. `whsec_` and base64 stands for those
 * bytes, anything else for itself. The problem completes "its file …" and never shows a secret.
 */
export function parseSecrets(text: string): Result<readonly Uint8Array[], string> {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (lines.length === 0) return fail("holds no secret");
  if (lines.length > secretsMax)
    return fail(`holds ${lines.length} secrets, at most ${secretsMax} may be`);
  const short = lines.findIndex((line) => line.length < secretCharactersMin);
  if (short >= 0)
    return fail(
      `has a secret in line ${short + 1} that is shorter than ${secretCharactersMin} characters`,
    );
  const keys = lines.map(keyOf);
  const wrong = keys.indexOf(null);
  if (wrong >= 0)
    return fail(
      `has a secret in line ${wrong + 1} that is not base64 of ${keyBytesMin} bytes or more behind whsec_`,
    );
  return ok(keys.filter((key) => key !== null));
}

/** null: what stands behind `whsec_` is no key. Node reads whatever it can, down to nothing at all. */
function keyOf(line: string): Uint8Array | null {
  if (!line.startsWith("whsec_")) return Buffer.from(line, "utf8");
  const text = line.slice("whsec_".length);
  const key = Buffer.from(text, "base64");
  return base64Form.test(text) && key.length >= keyBytesMin ? key : null;
}

export interface SignedHeaders {
  readonly "webhook-id": string;
  /** Unix seconds of this try. */
  readonly "webhook-timestamp": string;
  /** One `v1,BASE64` for each secret, a space between them. */
  readonly "webhook-signature": string;
}

/**
 * Signs as Standard Webhooks does: HMAC-SHA256 over `ID.TIMESTAMP.BODY`. A receiver takes the message
 * where one of the signatures is right and the timestamp is not old.
 */
export function signWebhook(
  message: { readonly id: string; readonly body: string },
  atMs: number,
  secrets: readonly Uint8Array[],
): SignedHeaders {
  const timestamp = String(Math.floor(atMs / 1_000));
  const signed = `${message.id}.${timestamp}.${message.body}`;
  return {
    "webhook-id": message.id,
    "webhook-timestamp": timestamp,
    "webhook-signature": secrets
      .map((secret) => `v1,${createHmac("sha256", secret).update(signed).digest("base64")}`)
      .join(" "),
  };
}
