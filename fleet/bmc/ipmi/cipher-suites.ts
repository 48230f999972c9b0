/**
 * The cipher suites that are spoken, best first. Suite 0 (no password at all, CVE-2013-4782), the
 * suites without encryption and those on MD5 are never offered.
 */
export interface CipherSuite {
  readonly id: 3 | 17;
  readonly authentication: number;
  readonly integrity: number;
  readonly confidentiality: number;
  readonly hash: "sha1" | "sha256";
  /** Bytes of the key exchange code in RAKP message 2 and 3. */
  readonly exchangeBytes: number;
  /** Bytes of the integrity check value in RAKP message 4 and behind each packet. */
  readonly integrityBytes: number;
}

export const cipherSuites: readonly CipherSuite[] = [
  {
    id: 17,
    authentication: 3,
    integrity: 4,
    confidentiality: 1,
    hash: "sha256",
    exchangeBytes: 32,
    integrityBytes: 16,
  },
  {
    id: 3,
    authentication: 1,
    integrity: 1,
    confidentiality: 1,
    hash: "sha1",
    exchangeBytes: 20,
    integrityBytes: 12,
  },
];
