import { X509Certificate } from "node:crypto";
import type { RefusalCode } from "#proto/vocabulary/refusal.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import type { PeerIdentity, PinnedHost } from "./host-identity.ts";
import type { IdentityStore } from "./identity-store.ts";
import { spkiOf, spkiSha256 } from "#proto/certificate/write-certificate.ts";

/**
 * Which host a peer is. TLS has proven that it holds the certificate's key; here the key must be
 * pinned, and the certificate be this cell's and name the very host that the key is pinned to. Its
 * dates decide nothing; where they call for it, a fresh chain comes with the answer.
 */
export async function authenticate(
  { store, ca }: { readonly store: IdentityStore; readonly ca: CertificateAuthority },
  peer: PeerIdentity,
): Promise<Result<PinnedHost, RefusalCode>> {
  const read = readPeer(peer);
  if (!read.ok) return read;
  const { certificate, spki } = read.value;
  const ours = ca.hasIssued(certificate);
  const pinned = await store.findPinnedKey(peer.fingerprint);
  if (pinned === undefined) {
    const turnedAway = await store.findTurnedAway(peer.fingerprint);
    if (turnedAway?.why === "revoked") return fail("identity-removed");
    return fail(ours ? "not-enrolled" : "certificate-foreign");
  }
  if (!ours) return fail("certificate-foreign");
  if (!ca.names(certificate, pinned.hostId)) return fail("host-mismatch");
  return ok({
    hostId: pinned.hostId,
    generation: pinned.generation,
    renewedChain: ca.wantsRenewal(certificate) ? ca.issueHost(pinned.hostId, spki) : null,
  });
}

export interface ReadPeer {
  readonly certificate: X509Certificate;
  /** DER of the public key. */
  readonly spki: Uint8Array;
}

/** A peer's certificate by OpenSSL. The key must be on P-256, and be the one the transport named. */
export function readPeer(peer: PeerIdentity): Result<ReadPeer, RefusalCode> {
  if (peer.certificate.length === 0) return fail("certificate-missing");
  try {
    const certificate = new X509Certificate(peer.certificate);
    const { asymmetricKeyDetails } = certificate.publicKey;
    if (asymmetricKeyDetails?.namedCurve !== "prime256v1") return fail("certificate-foreign");
    const spki = spkiOf(certificate.publicKey);
    if (spkiSha256(spki) !== peer.fingerprint) return fail("certificate-foreign");
    return ok({ certificate, spki });
  } catch {
    // Bytes that are no certificate, or a key of a kind that OpenSSL does not know.
    return fail("certificate-foreign");
  }
}
