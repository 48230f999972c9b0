import type { ConnectionOptions } from "node:tls";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import type { LinkCredentials } from "./transport.ts";

/**
 * The name that every manager's certificate carries. Agents ask for it whatever address they dial,
 * so a manager may be reached by any name or address, and behind any translation of them.
 */
export const gatewayName = "wws-fleet-gateway";

/**
 * Mutual TLS 1.3 that trusts one authority. Everything of a chain is verified, dates too: the chains
 * of this listener never expire (docs/decisions/0002), so a clock that is wrong by decades passes.
 */
export function managerTls(credentials: LinkCredentials, caPem: string): ConnectionOptions {
  return {
    ca: caPem,
    key: credentials.privateKeyPem,
    cert: credentials.certificateChainPem,
    servername: gatewayName,
    minVersion: "TLSv1.3",
  };
}

/** What a failed TLS connection means, in words for the person who set it up. */
export function explainTlsFailure(error: Error & { readonly code?: unknown }): string {
  const code = typeof error.code === "string" ? error.code : "";
  const meaning = meanings[code];
  return meaning === undefined ? error.message : `${meaning} (${code})`;
}

/** The other end is not the manager that this host trusts, or cannot prove it. */
export function isUntrusted(error: Error & { readonly code?: unknown }): boolean {
  return typeof error.code === "string" && /CERT|SIGNATURE|ISSUER|ALTNAME|PURPOSE/.test(error.code);
}

const meanings: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listens there",
  ECONNRESET: "the connection was reset",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "there is no route to it",
  ENOTFOUND: "the name is not known",
  EAI_AGAIN: "the name could not be looked up now",
  ETIMEDOUT: "it did not answer",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is of another authority than this host's",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is of another authority than this host's",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is of another authority than this host's",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate is of another authority than this host's",
  UNABLE_TO_GET_ISSUER_CERT: "its certificate is of another authority than this host's",
  CERT_SIGNATURE_FAILURE: "its certificate's signature is wrong",
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet by this host's clock",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is not that of a fleet manager",
  INVALID_PURPOSE: "its certificate is not that of a fleet manager",
  EPROTO: "it does not speak TLS 1.3",
};

export const handshakeMsMax = wireLimits.handshakeMsMax;
