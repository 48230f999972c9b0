import { createPrivateKey } from "node:crypto";
import type { Random } from "#proto/vocabulary/random.ts";
import { noExpiryMs, spkiOf, writeCertificate } from "./write-certificate.ts";

/**
 * What a machine shows that wants to enrol: a certificate over its own key, by its own key, without
 * an end. It says nothing but that the key exists; TLS proves that the machine holds it. DER.
 */
export function writeSelfSigned(privateKeyPem: string, random: Random): Uint8Array {
  const key = createPrivateKey(privateKeyPem);
  return writeCertificate(
    {
      serial: random.bytes(16),
      issuer: "wws-agent",
      subject: "wws-agent",
      notBeforeMs: 0,
      notAfterMs: noExpiryMs,
      publicKey: spkiOf(key),
      use: { kind: "host", uri: "urn:wws-agent:not-enrolled" },
    },
    key,
  );
}
