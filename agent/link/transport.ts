/**
 * One message-wise connection to a manager. Production: WebSocket over mutual TLS; simulation: an
 * in-memory pair that drops, delays, repeats and reorders.
 */
export interface LinkTransport {
  /** Starts to connect; exactly one `onClose` follows, whatever happens. */
  connect(target: LinkTarget, handlers: LinkHandlers): LinkConnection;
}

export interface LinkTarget {
  /** `wss://host:7601/agent/v1`, or the enrolment path. */
  readonly url: string;
  readonly credentials: LinkCredentials;
}

/** PEM text. What is trusted is the pinned CA alone. */
export interface LinkCredentials {
  readonly privateKeyPem: string;
  readonly certificateChainPem: string;
  /** Certificates to trust; before enrolment null: then the chain must end in `caKeySha256`. */
  readonly caPem: string | null;
  /** SHA-256 of the CA's SPKI, hex; from the join token. */
  readonly caKeySha256: string | null;
}

export interface LinkHandlers {
  onOpen(): void;
  onMessage(bytes: Uint8Array): void;
  onClose(reason: LinkCloseReason): void;
}

export interface LinkCloseReason {
  readonly code: number;
  readonly detail: string;
}

/** Codes that no peer sent (RFC 6455, 7.4.1): the connection was lost, or TLS did not trust it. */
export const closeCodes = { lost: 1006, untrusted: 1015 } as const;

export interface LinkConnection {
  send(bytes: Uint8Array): void;
  /** Bytes given to `send` that have not left yet. */
  bufferedBytes(): number;
  close(code: number, detail: string): void;
}
