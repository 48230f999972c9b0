import { createPrivateKey, X509Certificate } from "node:crypto";
import {
  type AuthorityFile,
  type AuthorityMaterial,
  type CertificateAuthority,
  createCertificateAuthority,
} from "#fleet/identity/certificate-authority.ts";
import type { PeerIdentity } from "#fleet/identity/host-identity.ts";
import { writeSelfSigned } from "#proto/certificate/self-signed.ts";
import { spkiOf, spkiSha256 } from "#proto/certificate/write-certificate.ts";
import { newPrivateKeyPem } from "#fleet/storage/authority-file.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { CellId, KeyFingerprint } from "#proto/vocabulary/ids.ts";
import { testCell } from "./inventory-builders.ts";
import { createSeededRandom } from "./seeded-random.ts";

/** A fresh P-256 private key, PEM. */
export const newKeyPem = newPrivateKeyPem;

/** A certificate authority that keeps its file in memory. */
export function createTestAuthority(
  clock: Clock,
  options: { readonly cell?: CellId; readonly file?: AuthorityFile } = {},
): CertificateAuthority {
  return createCertificateAuthority({
    cell: options.cell ?? testCell,
    file: options.file ?? memoryAuthorityFile(),
    newPrivateKeyPem,
    clock,
    random: createSeededRandom(7),
  });
}

export function memoryAuthorityFile(): AuthorityFile {
  let stored: AuthorityMaterial | null = null;
  return {
    read: () => stored,
    write: (material) => {
      stored = material;
    },
  };
}

/** A machine with a key of its own. */
export interface TestPeer {
  readonly privateKeyPem: string;
  readonly spki: Uint8Array;
  readonly fingerprint: KeyFingerprint;
  readonly selfSignedDer: Uint8Array;
  /** How the transport hands it on: with its self-signed certificate, or another. */
  shows(certificate?: Uint8Array, address?: string): PeerIdentity;
}

export function createTestPeer(): TestPeer {
  const privateKeyPem = newPrivateKeyPem();
  const key = createPrivateKey(privateKeyPem);
  const spki = spkiOf(key);
  const fingerprint = spkiSha256(spki) as KeyFingerprint;
  const selfSignedDer = writeSelfSigned(privateKeyPem, createSeededRandom(8));
  return {
    privateKeyPem,
    spki,
    fingerprint,
    selfSignedDer,
    shows: (certificate = selfSignedDer, address = "192.0.2.1") => ({
      certificate,
      fingerprint,
      address,
    }),
  };
}

/** PEM of a chain, leaf first. */
export function chainPem(chain: readonly Uint8Array[]): string {
  return chain.map((der) => new X509Certificate(der).toString()).join("");
}
