import { createHash, timingSafeEqual, X509Certificate } from "node:crypto";
import { connect, type TLSSocket } from "node:tls";
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
    let outcome: (() => void) | null = null;
    const end = (settle: () => void): void => {
      outcome ??= settle;
      socket.destroy();
    };
    const cancel = clock.after(handshakeMsMax, () => {
      const message = `${where} did not answer within ${handshakeMsMax} ms`;
      end(() => reject(new LinkError("LINK_TIMEOUT", message)));
    });
    // Node verifies in a listener of this event and then lets go of the chain: be there before.
    socket.prependListener("secure", () => {
      const chain = presentedChain(socket);
      const authority = chain.find((certificate) => isAuthority(certificate, caKeySha256));
      end(() =>
        authority === undefined
          ? reject(new LinkError("LINK_WRONG_AUTHORITY", notThere(where, chain)))
          : resolve(authority.toString()),
      );
    });
    socket.on("error", (cause: Error & { code?: unknown }) => {
      const message = `${where}: ${explainTlsFailure(cause)}`;
      end(() => reject(new LinkError("LINK_UNREACHABLE", message, { cause })));
    });
    socket.on("close", () => {
      cancel();
      const message = `${where} closed the connection before it showed a certificate`;
      (outcome ?? (() => reject(new LinkError("LINK_TLS", message))))();
    });
  });
}

/** SHA-256 over a certificate's public key (SPKI, DER), hex. */
export function keySha256(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest("hex");
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
