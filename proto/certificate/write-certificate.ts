import { createHash, createPublicKey, type KeyObject, sign } from "node:crypto";
import { der } from "./der.ts";

export interface CertificateFacts {
  /** 16 bytes; the highest bit is not used. */
  readonly serial: Uint8Array;
  readonly issuer: string;
  readonly subject: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** DER of the SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  readonly use: CertificateUse;
}

export type CertificateUse =
  | { readonly kind: "authority" }
  | { readonly kind: "host"; readonly uri: string }
  | { readonly kind: "listener"; readonly names: readonly SubjectName[] };

/** `address`: 4 or 16 bytes. */
export type SubjectName =
  | { readonly kind: "dns"; readonly name: string }
  | { readonly kind: "address"; readonly bytes: Uint8Array };

/** `99991231235959Z`: no well-defined expiration (RFC 5280 4.1.2.5). */
export const noExpiryMs = 253_402_300_799_000;

/**
 * An X.509 version 3 certificate (RFC 5280), signed with ECDSA on P-256 and SHA-256; DER. It needs
 * no thread and no random source, so it is the same code in a simulation on virtual time.
 */
export function writeCertificate(facts: CertificateFacts, authorityKey: KeyObject): Uint8Array {
  const algorithm = der.sequence(der.objectIdentifier("1.2.840.10045.4.3.2"));
  const body = der.sequence(
    der.explicit(0, der.integer(Uint8Array.of(2))),
    der.integer(Uint8Array.of((facts.serial[0] ?? 0) & 0x7f, ...facts.serial.subarray(1))),
    algorithm,
    commonName(facts.issuer),
    der.sequence(der.time(facts.notBeforeMs), der.time(facts.notAfterMs)),
    commonName(facts.subject),
    facts.publicKey,
    der.explicit(3, der.sequence(...extensions(facts, authorityKey))),
  );
  return der.sequence(body, algorithm, der.bitString(sign("sha256", body, authorityKey)));
}

/** SHA-256 of a key's SPKI, hex: what is pinned, and what a join token names. */
export function spkiSha256(spki: Uint8Array): string {
  return createHash("sha256").update(spki).digest("hex");
}

export function spkiOf(key: KeyObject): Uint8Array {
  const publicKey = key.type === "public" ? key : createPublicKey(key);
  return publicKey.export({ type: "spki", format: "der" });
}

function commonName(name: string): Uint8Array {
  return der.sequence(der.set(der.sequence(der.objectIdentifier("2.5.4.3"), der.utf8(name))));
}

function extensions({ publicKey, use }: CertificateFacts, authorityKey: KeyObject): Uint8Array[] {
  return [
    extension("2.5.29.14", false, der.octetString(keyId(publicKey))),
    extension("2.5.29.35", false, der.sequence(der.implicit(0, keyId(spkiOf(authorityKey))))),
    ...(use.kind === "authority" ? authorityExtensions() : leafExtensions(use)),
  ];
}

function authorityExtensions(): Uint8Array[] {
  const noFurtherAuthorities = der.sequence(der.boolean(true), der.integer(Uint8Array.of(0)));
  return [
    extension("2.5.29.19", true, noFurtherAuthorities),
    // keyCertSign, cRLSign
    extension("2.5.29.15", true, der.bitString(Uint8Array.of(0x06), 1)),
  ];
}

function leafExtensions(use: Exclude<CertificateUse, { kind: "authority" }>): Uint8Array[] {
  const purpose = use.kind === "host" ? "1.3.6.1.5.5.7.3.2" : "1.3.6.1.5.5.7.3.1";
  const names =
    use.kind === "host"
      ? [der.implicit(6, der.ascii(use.uri))]
      : use.names.map((name) =>
          name.kind === "dns" ? der.implicit(2, der.ascii(name.name)) : der.implicit(7, name.bytes),
        );
  return [
    extension("2.5.29.19", true, der.sequence()),
    // digitalSignature
    extension("2.5.29.15", true, der.bitString(Uint8Array.of(0x80), 7)),
    extension("2.5.29.37", false, der.sequence(der.objectIdentifier(purpose))),
    extension("2.5.29.17", false, der.sequence(...names)),
  ];
}

function extension(id: string, critical: boolean, value: Uint8Array): Uint8Array {
  return der.sequence(
    der.objectIdentifier(id),
    ...(critical ? [der.boolean(true)] : []),
    der.octetString(value),
  );
}

/** After RFC 7093: a SHA-256 over the key's SPKI, cut to the 160 bits that are usual. */
function keyId(spki: Uint8Array): Uint8Array {
  return createHash("sha256").update(spki).digest().subarray(0, 20);
}
