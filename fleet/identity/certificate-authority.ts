import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { CellId, HostId } from "#proto/vocabulary/ids.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { IdentityError } from "./identity-error.ts";
import { subjectNamesOf } from "./subject-names.ts";
import {
  type CertificateUse,
  noExpiryMs,
  spkiOf,
  spkiSha256,
  writeCertificate,
} from "#proto/certificate/write-certificate.ts";

/** The cell's own authority: it says which key is which host, and which listener is the manager. */
export interface CertificateAuthority {
  readonly cell: CellId;
  /** SHA-256 of its public key, hex; a join token carries it. */
  readonly keySha256: string;
  readonly certificatePem: string;
  /** One year, for the given public key alone (DER, SPKI); chain in DER, leaf first. */
  issueHost(hostId: HostId, publicKey: Uint8Array): readonly Uint8Array[];
  /**
   * Chain for the agents' listener, without an end (docs/decisions/0002). Names and addresses that
   * agents may dial are added to `wws-fleet-gateway`, which they all ask for.
   */
  issueListener(privateKeyPem: string, namesAndAddresses: readonly string[]): ListenerCredentials;
  /** Signed by this authority; dates do not count. */
  hasIssued(certificate: X509Certificate): boolean;
  /** The host that a certificate of this authority names. */
  names(certificate: X509Certificate, hostId: HostId): boolean;
  /** Past two thirds of its life, ended, or from the future. */
  wantsRenewal(certificate: X509Certificate): boolean;
}

/** PEM. */
export interface ListenerCredentials {
  readonly privateKeyPem: string;
  /** Leaf first, the authority last. */
  readonly certificateChainPem: string;
  readonly caPem: string;
}

/** What the data folder keeps of the authority, in one file that only the manager's user reads. */
export interface AuthorityFile {
  read(): AuthorityMaterial | null;
  /** Durable, and all or nothing, when it returns. */
  write(material: AuthorityMaterial): void;
}

export interface AuthorityMaterial {
  readonly privateKeyPem: string;
  readonly certificatePem: string;
}

export interface AuthorityEffects {
  readonly cell: CellId;
  readonly file: AuthorityFile;
  /** A fresh P-256 private key, PKCS #8 PEM. */
  readonly newPrivateKeyPem: () => string;
  readonly clock: Clock;
  readonly random: Random;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
export const hostCertificateMs = 365 * dayMs;

/** Reads the authority from its file, or makes it the first time. Throws IdentityError. */
export function createCertificateAuthority(effects: AuthorityEffects): CertificateAuthority {
  const { cell, file, clock, random } = effects;
  const issuer = `wws-fleet cell ${cell}`;
  const write = (
    subject: string,
    publicKey: Uint8Array,
    use: CertificateUse,
    life: readonly [number, number],
    signingKey: KeyObject,
  ): Uint8Array =>
    writeCertificate(
      {
        serial: random.bytes(16),
        issuer,
        subject,
        notBeforeMs: life[0],
        notAfterMs: life[1],
        publicKey,
        use,
      },
      signingKey,
    );

  const stored = file.read() ?? makeMaterial();
  const { key, certificate } = readMaterial(stored, issuer);

  function makeMaterial(): AuthorityMaterial {
    const privateKeyPem = effects.newPrivateKeyPem();
    const fresh = createPrivateKey(privateKeyPem);
    const bytes = write(issuer, spkiOf(fresh), { kind: "authority" }, [0, noExpiryMs], fresh);
    const material = { privateKeyPem, certificatePem: toPem(bytes) };
    file.write(material);
    return material;
  }

  return {
    cell,
    keySha256: spkiSha256(spkiOf(key)),
    certificatePem: certificate.toString(),
    issueHost(hostId, publicKey) {
      const now = clock.nowUnixMs();
      const life = [Math.max(0, now - hourMs), Math.max(0, now) + hostCertificateMs] as const;
      const use = { kind: "host", uri: hostUri(cell, hostId) } as const;
      return [write(hostId, publicKey, use, life, key), certificate.raw];
    },
    issueListener(privateKeyPem, namesAndAddresses) {
      const publicKey = spkiOf(createPrivateKey(privateKeyPem));
      const use = { kind: "listener", names: subjectNamesOf(namesAndAddresses) } as const;
      const leaf = write("wws-fleet-gateway", publicKey, use, [0, noExpiryMs], key);
      const caPem = certificate.toString();
      return { privateKeyPem, certificateChainPem: toPem(leaf) + caPem, caPem };
    },
    hasIssued: (other) => other.checkIssued(certificate) && other.verify(certificate.publicKey),
    names: (other, hostId) => other.subjectAltName === `URI:${hostUri(cell, hostId)}`,
    wantsRenewal(other) {
      const now = clock.nowUnixMs();
      const from = other.validFromDate.getTime();
      const to = other.validToDate.getTime();
      return to - now < (to - from) / 3 || now < from - dayMs;
    },
  };
}

function hostUri(cell: CellId, hostId: HostId): string {
  return `spiffe://${cell}/host/${hostId}`;
}

function readMaterial(
  { privateKeyPem, certificatePem }: AuthorityMaterial,
  issuer: string,
): { key: KeyObject; certificate: X509Certificate } {
  let key: KeyObject;
  let certificate: X509Certificate;
  try {
    key = createPrivateKey(privateKeyPem);
    certificate = new X509Certificate(certificatePem);
  } catch (cause) {
    throw new IdentityError(
      "AUTHORITY_UNREADABLE",
      "the certificate authority's file cannot be understood; restore it from a backup: without it every host must be enrolled again (docs/operating/enrol.md)",
      { cause },
    );
  }
  if (!certificate.checkPrivateKey(key))
    throw new IdentityError(
      "AUTHORITY_UNREADABLE",
      "the certificate authority's file holds a key and a certificate that do not belong together; restore it from a backup (docs/operating/enrol.md)",
    );
  if (certificate.subject !== `CN=${issuer}`)
    throw new IdentityError(
      "AUTHORITY_OTHER_CELL",
      `the certificate authority in the data folder is that of "${certificate.subject}", and this manager wants "CN=${issuer}"; set its cell, or give it a data folder of its own`,
    );
  return { key, certificate };
}

function toPem(bytes: Uint8Array): string {
  return new X509Certificate(bytes).toString();
}
