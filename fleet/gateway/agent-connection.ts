import type { PeerIdentity } from "#fleet/identity/host-identity.ts";

/**
 * One accepted connection of an agent, over whatever carries it: a WebSocket in production, an
 * in-memory pair in the simulation. The transport has authenticated the key before it hands this on.
 */
export interface AgentConnection {
  readonly peer: PeerIdentity;
  /** Which door it came through. */
  readonly purpose: "agent" | "enrol";
  send(bytes: Uint8Array): void;
  bufferedBytes(): number;
  /** Code as in RFC 6455. */
  close(code: number, detail: string): void;
}

/** What the gateway core answers a transport that hands it a connection. */
export interface ConnectionHandlers {
  onMessage(bytes: Uint8Array): void;
  onClose(code: number, detail: string): void;
}

/** The core, free of sockets: `createGateway(effects)`. */
export interface Gateway {
  accept(connection: AgentConnection): ConnectionHandlers;
  /** Tells every agent to come back (spread over `overMs`) and closes. */
  stop(overMs: number): Promise<void>;
}
