import { createHash, type X509Certificate } from "node:crypto";
import type { TLSSocket, TlsOptions } from "node:tls";
import type { PeerIdentity } from "#fleet/identity/host-identity.ts";
import type { KeyFingerprint } from "#proto/vocabulary/ids.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";

/** PEM. The chain's last certificate is the cell's CA, whose key a join token names. */
export interface ListenerTls {
  readonly privateKeyPem: string;
  readonly certificateChainPem: string;
  readonly caPem: string;
}

/**
 * TLS 1.3 and a client certificate. OpenSSL proves that the peer holds the certificate's key; whose
 * certificate it is we judge ourselves (fleet/identity), because an expired one of a pinned key is
 * welcome and the one of a machine that enrols is its own.
 */
export function tlsOptions(tls: ListenerTls, handshakeMsMax: number): TlsOptions {
  return {
    key: tls.privateKeyPem,
    cert: tls.certificateChainPem,
    ca: tls.caPem,
    minVersion: "TLSv1.3",
    maxVersion: "TLSv1.3",
    requestCert: true,
    rejectUnauthorized: false,
    handshakeTimeout: handshakeMsMax,
  };
}

/** Who TLS has proven the peer to be; null: it showed no certificate, or none that we look at. */
export function readPeer(socket: TLSSocket): PeerIdentity | null {
  const certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
  if (certificate === undefined) return null;
  if (certificate.raw.byteLength > wireLimits.certificateBytesMax) return null;
  const spki = certificate.publicKey.export({ type: "spki", format: "der" });
  return {
    certificate: certificate.raw,
    fingerprint: createHash("sha256").update(spki).digest("hex") as KeyFingerprint,
    address: socket.remoteAddress ?? "unknown",
  };
}
