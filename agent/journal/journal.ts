import type { CellId, HostId } from "#proto/vocabulary/ids.ts";

/** The few facts that outlive a restart of the agent. Private key and chain in PEM. */
export interface AgentIdentity {
  readonly hostId: HostId;
  readonly hostName: string;
  readonly cell: CellId;
  readonly generation: number;
  readonly certificateChainPem: string;
  readonly caPem: string;
}

export interface JournalFacts {
  /** Format of this file; a newer one than the program knows is refused. */
  readonly format: 1;
  readonly privateKeyPem: string;
  /** null until enrolled. */
  readonly identity: AgentIdentity | null;
  /** Where the manager is: `host:port`. */
  readonly manager: string | null;
  /** SHA-256 of the authority's key, hex, from the join token: for asking again while pending. */
  readonly caKeySha256?: string | null;
  /** Highest term seen. */
  readonly term: number;
}

/** Kept small, written whole, by rename after fsync, mode 0600. */
export interface Journal {
  /** null: nothing was ever written. Throws JournalError when it is there and cannot be understood. */
  read(): JournalFacts | null;
  write(facts: JournalFacts): void;
}
