import { timingSafeEqual, X509Certificate } from "node:crypto";
import { connect, type TLSSocket } from "node:tls";
import { spkiOf, spkiSha256 } from "#proto/certificate/write-certificate.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { LinkError } from "./link-error.ts";
import type { ManagerAddress } from "./manager-address.ts";
import { formatManagerAddress } from "./manager-address.ts";
import { explainTlsFailure, gatewayName, handshakeMsMax } from "./manager-tls.ts";

/**
 * Finds the certificate of the authority whose key a join token names, in the chain that a manager
 * presents. This connection trusts nobody: it is broken off as soon as TLS has the chain, before a
 * byte is said, and its outcome is only "here is the certificate that your hash stands for". What
 * counts is the next connection, which verifies everything against it.
 *
 * Throws LinkError.
 */
export function findAuthority(
  address: ManagerAddress,
  caKeySha256: string,
  clock: Pick<Clock, "after">,
): Promise<string> {
  const where = formatManagerAddress(address);
  return new Promise((resolve, reject) => {
    const { host, port } = address;
    // No authority is trusted, so verification fails and the socket never becomes usable.
    const socket = connect({ host, port, servername: gatewayName, minVersion: "TLSv1.3", ca: [] });
    let chain: readonly X509Certificate[] | null = null;
    let failure: LinkError | null = null;
    const cancel = clock.after(handshakeMsMax, () => {
      const message = `${where} did not answer within ${handshakeMsMax} ms`;
      failure = new LinkError("LINK_TIMEOUT", message);
      socket.destroy();
    });
    // Node verifies in a listener of this event, lets go of the chain, and destroys the socket: be
    // there before, and only look.
    socket.prependListener("secure", () => {
      chain = presentedChain(socket);
    });
    socket.on("secureConnect", () => socket.destroy());
    socket.on("error", (cause: Error & { code?: unknown }) => {
      const message = `${where}: ${explainTlsFailure(cause)}`;
      failure ??= new LinkError("LINK_UNREACHABLE", message, { cause });
    });
    socket.on("close", () => {
      cancel();
      if (chain !== null) {
        const authority = chain.find((certificate) => isAuthority(certificate, caKeySha256));
        if (authority !== undefined) resolve(authority.toString());
        else reject(new LinkError("LINK_WRONG_AUTHORITY", notThere(where, chain)));
        return;
      }
      const message = `${where} closed the connection before it showed a certificate`;
      reject(failure ?? new LinkError("LINK_TLS", message));
    });
  });
}

function keySha256(certificate: X509Certificate): string {
  return spkiSha256(spkiOf(certificate.publicKey));
}

function isAuthority(certificate: X509Certificate, caKeySha256: string): boolean {
  const found = Buffer.from(keySha256(certificate), "hex");
  const wanted = Buffer.from(caKeySha256, "hex");
  return (
    found.length === wanted.length &&
    timingSafeEqual(found, wanted) &&
    certificate.ca &&
    certificate.verify(certificate.publicKey)
  );
}

/** Leaf first. A second look at the same socket would find nothing. */
function presentedChain(socket: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next: X509Certificate | undefined = socket.getPeerX509Certificate();
  while (next !== undefined && chain.length < 8) {
    chain.push(new X509Certificate(next.raw));
    next = next.issuerCertificate;
  }
  return chain;
}

function notThere(where: string, chain: readonly X509Certificate[]): string {
  const last = chain.at(-1);
  const shown = last === undefined ? "no certificate" : `one with the hash ${keySha256(last)}`;
  return `${where} is not the manager that this token is for: the token names another authority, the manager shows ${shown}`;
}
