import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { writeSelfSigned } from "#proto/certificate/self-signed.ts";
import { spkiOf, spkiSha256 } from "#proto/certificate/write-certificate.ts";
import type { KeyFingerprint } from "#proto/vocabulary/ids.ts";
import type { Random } from "#proto/vocabulary/random.ts";

/** A new P-256 key, PKCS #8 in PEM. It is made here and never leaves the host. */
export function makeHostKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** SHA-256 of the public half (SPKI), hex: what an operator compares, and what the manager pins. */
export function fingerprintOf(privateKeyPem: string): KeyFingerprint {
  return spkiSha256(spkiOf(createPrivateKey(privateKeyPem))) as KeyFingerprint;
}

/** The certificate, PEM, by which TLS proves the key before anybody else has vouched for it. */
export function makeSelfSigned(privateKeyPem: string, random: Random): string {
  return new X509Certificate(writeSelfSigned(privateKeyPem, random)).toString();
}
