import { createPrivateKey, X509Certificate } from "node:crypto";
import { spkiOf, spkiSha256 } from "#proto/certificate/write-certificate.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";

/** A chain as it comes over the wire (DER, leaf first), checked against the key it is for. */
export interface CheckedChain {
  /** Leaf first. */
  readonly certificateChainPem: string;
  /** The authority's own certificate, where the chain ends in it. */
  readonly caPem: string | null;
  /** SHA-256 of the authority's key (SPKI), hex. */
  readonly caKeySha256: string | null;
}

/** The problem is one sentence for the log. */
export function checkChain(
  chain: readonly Uint8Array[],
  privateKeyPem: string,
): Result<CheckedChain, string> {
  const certificates: X509Certificate[] = [];
  for (const der of chain) {
    try {
      certificates.push(new X509Certificate(der));
    } catch {
      return fail("a certificate in the chain cannot be read");
    }
  }
  const leaf = certificates[0];
  if (leaf === undefined) return fail("the chain is empty");
  if (!leaf.checkPrivateKey(createPrivateKey(privateKeyPem))) {
    return fail("the certificate is for another key than this host's");
  }
  const isLinked = certificates.every((certificate, index) => {
    const issuer = certificates[index + 1];
    return issuer === undefined || certificate.verify(issuer.publicKey);
  });
  if (!isLinked) return fail("a certificate in the chain was not issued by the next one");
  const last = certificates.at(-1);
  const root = last !== undefined && last !== leaf && isOwnIssuer(last) ? last : null;
  return ok({
    certificateChainPem: certificates.map((certificate) => certificate.toString()).join(""),
    caPem: root?.toString() ?? null,
    caKeySha256: root === null ? null : spkiSha256(spkiOf(root.publicKey)),
  });
}

function isOwnIssuer(certificate: X509Certificate): boolean {
  return certificate.ca && certificate.verify(certificate.publicKey);
}
