import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import {
  noExpiryMs,
  type SubjectName,
  spkiOf,
  spkiSha256,
  writeCertificate,
} from "#proto/certificate/write-certificate.ts";

/** An authority of a test's own, with what a fleet manager and its hosts need of one. PEM. */
export interface TestAuthority {
  readonly caPem: string;
  readonly caDer: Uint8Array;
  readonly caKeySha256: string;
  issueListener(names?: readonly string[]): IssuedKey;
  issueHost(uri: string, privateKeyPem?: string): IssuedKey;
  /** For a key of which only the public half (SPKI, DER) is known. Leaf, then the authority; DER. */
  issueForKey(uri: string, spki: Uint8Array): readonly Uint8Array[];
}

export interface IssuedKey {
  readonly privateKeyPem: string;
  /** Leaf, then the authority. */
  readonly chainPem: string;
  readonly chainDer: readonly Uint8Array[];
}

export function newKeyPem(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

export function createTestAuthority(name = "test authority"): TestAuthority {
  const caKey = createPrivateKey(newKeyPem());
  let serial = 1;
  const issue = (
    subject: string,
    spki: Uint8Array,
    use: Parameters<typeof writeCertificate>[0]["use"],
  ): Uint8Array => {
    const digits = new Uint8Array(16);
    digits[15] = serial;
    serial += 1;
    return writeCertificate(
      {
        serial: digits,
        issuer: name,
        subject,
        notBeforeMs: 0,
        notAfterMs: noExpiryMs,
        publicKey: spki,
        use,
      },
      caKey,
    );
  };
  const spkiOfPem = (pem: string): Uint8Array => spkiOf(createPrivateKey(pem));
  const caDer = issue(name, spkiOf(caKey), { kind: "authority" });
  const caPem = new X509Certificate(caDer).toString();
  const withKey = (privateKeyPem: string, der: Uint8Array): IssuedKey => ({
    privateKeyPem,
    chainPem: new X509Certificate(der).toString() + caPem,
    chainDer: [der, caDer],
  });
  return {
    caPem,
    caDer,
    caKeySha256: spkiSha256(spkiOf(caKey)),
    issueListener(names = ["wws-fleet-gateway"]) {
      const key = newKeyPem();
      const subjects = names.map((dns): SubjectName => ({ kind: "dns", name: dns }));
      return withKey(key, issue("listener", spkiOfPem(key), { kind: "listener", names: subjects }));
    },
    issueHost(uri, privateKeyPem = newKeyPem()) {
      return withKey(privateKeyPem, issue("host", spkiOfPem(privateKeyPem), { kind: "host", uri }));
    },
    issueForKey: (uri, spki) => [issue("host", spki, { kind: "host", uri }), caDer],
  };
}
