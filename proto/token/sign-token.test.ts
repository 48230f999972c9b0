import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { sampleToken, sampleTokenKey } from "#test/support/sample-token.ts";
import { signToken, tokenKeyId, verifyToken } from "./sign-token.ts";

const key = sampleTokenKey();
const other = sampleTokenKey(8);
const signed = signToken(sampleToken, key);

describe("a signed token", () => {
  test("is verified by its key, and by none else", () => {
    expect(verifyToken(signed, [other.publicKey, key.publicKey])).toEqual({
      ok: true,
      value: sampleToken,
    });
    expect(verifyToken(signed, [other.publicKey])).toMatchObject({
      problem: { kind: "unknown-key" },
    });
    expect(verifyToken(signed, [])).toMatchObject({ problem: { kind: "unknown-key" } });
  });

  test("that names another key than the one that signed it is refused", () => {
    const claimed = { ...signed, keyId: tokenKeyId(other.publicKey) };
    expect(verifyToken(claimed, [other.publicKey, key.publicKey])).toMatchObject({
      problem: { kind: "bad-signature" },
    });
  });

  test("with one bit changed anywhere is refused", () => {
    for (let at = 0; at < signed.bytes.length; at += 17) {
      const bytes = Uint8Array.from(signed.bytes);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      expect(verifyToken({ ...signed, bytes }, [key.publicKey])).toMatchObject({
        problem: { kind: "bad-signature" },
      });
    }
    for (let at = 0; at < 64; at += 1) {
      const signature = Uint8Array.from(signed.signature);
      signature[at] = (signature[at] ?? 0) ^ 0x80;
      expect(verifyToken({ ...signed, signature }, [key.publicKey]).ok).toBe(false);
    }
    const signature = signed.signature.subarray(0, 63);
    expect(verifyToken({ ...signed, signature }, [key.publicKey]).ok).toBe(false);
  });

  test("that is no token is refused though its signature holds", () => {
    const bytes = Buffer.from('{"erase":"everything"}');
    const forged = { bytes, signature: sign(null, bytes, key.privateKey), keyId: signed.keyId };
    expect(verifyToken(forged, [key.publicKey])).toMatchObject({
      problem: { kind: "not-a-token" },
    });
  });

  test("is never signed by a key of another kind", () => {
    const rsa = generateKeyPairSync("ec", { namedCurve: "P-256" });
    expect(() => signToken(sampleToken, rsa)).toThrow("signed by Ed25519, not by ec");
    expect(
      verifyToken({ ...signed, keyId: tokenKeyId(rsa.publicKey) }, [rsa.publicKey]),
    ).toMatchObject({ problem: { kind: "unknown-key" } });
  });
});
