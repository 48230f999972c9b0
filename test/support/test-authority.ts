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
    privateKeyPem: string,
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
        publicKey: spkiOf(createPrivateKey(privateKeyPem)),
        use,
      },
      caKey,
    );
  };
  const caKeyPem = caKey.export({ type: "pkcs8", format: "pem" }).toString();
  const caDer = issue(name, caKeyPem, { kind: "authority" });
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
      return withKey(key, issue("listener", key, { kind: "listener", names: subjects }));
    },
    issueHost(uri, privateKeyPem = newKeyPem()) {
      return withKey(privateKeyPem, issue("host", privateKeyPem, { kind: "host", uri }));
    },
  };
}
