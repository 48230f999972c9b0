import type { EnrolRequest } from "#proto/messages/frames.ts";
import type { CellId, HostId, KeyFingerprint, PendingId } from "#proto/vocabulary/ids.ts";
import type { Position } from "#proto/vocabulary/position.ts";
import type { RefusalCode } from "#proto/vocabulary/refusal.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { Identity } from "#proto/messages/state.ts";
import type { Unmatched } from "./match-planned.ts";

/** What TLS has proven of a peer before a byte of it is parsed. */
export interface PeerIdentity {
  /** DER of the certificate the peer holds the key of. */
  readonly certificate: Uint8Array;
  /** SHA-256 of its SPKI. */
  readonly fingerprint: KeyFingerprint;
  readonly address: string;
}

export interface PinnedHost {
  readonly hostId: HostId;
  readonly generation: number;
  /** Set when the certificate nears its end or is past it: hand this chain (DER, leaf first) to the agent. */
  readonly renewedChain: readonly Uint8Array[] | null;
}

/** Who is a host: tokens, pending machines, pinned keys. Built by `createHostIdentity`. */
export interface HostIdentity {
  /** The pinned public key decides; the certificate must be of this cell's CA, its dates do not matter. */
  authenticate(peer: PeerIdentity): Promise<Result<PinnedHost, RefusalCode>>;
  enrol(peer: PeerIdentity, request: EnrolRequest): Promise<Result<EnrolOutcome, RefusalCode>>;
  createToken(request: TokenRequest): Promise<CreatedToken>;
  listTokens(): Promise<readonly TokenView[]>;
  listPending(): Promise<readonly PendingView[]>;
  approve(id: PendingId, approval: Approval): Promise<Result<HostId, ApprovalProblem>>;
  /** Lets in all that wait and are exactly one planned host by the rule; tells why the others are not. */
  approveByRule(ask: RuleApproval): Promise<RuleOutcome>;
  /**
   * Machines that come with this token are approved by the rule as they come, for the token's life.
   * False: there is no such token, or it leads nowhere near pending.
   */
  setTokenRule(tokenId: string, rule: ApprovalRule | null): Promise<boolean>;
  /** Turns a waiting machine away. */
  dismiss(id: PendingId): Promise<boolean>;
  /** Unpins the key: live sockets close, the agent is told to stop. */
  revoke(hostId: HostId): Promise<boolean>;
  /** Every key that was unpinned, also through another manager of the cell. */
  revokedKeys(): Promise<ReadonlySet<KeyFingerprint>>;
  /** Called with the host whenever a key is unpinned here. */
  onRevoked(listener: (hostId: HostId) => void): () => void;
}

export type EnrolOutcome =
  | {
      readonly kind: "issued";
      readonly hostId: HostId;
      readonly hostName: string;
      readonly generation: number;
      readonly chain: readonly Uint8Array[];
    }
  | { readonly kind: "pending"; readonly pendingId: PendingId; readonly retryAfterMs: number };

/**
 * `host`: one use, enrols at once as the named host. `pending`: machines land in pending, up to
 * `uses`. `adopt`: one use, taken in as it stands: active, shared, watched only (`npm start`).
 */
export interface TokenRequest {
  readonly kind: "host" | "pending" | "adopt";
  readonly hostName: string | null;
  readonly position: Position | null;
  readonly uses: number;
  /** Of a token that leads to pending: only machines planned for this site come in by its rule. */
  readonly site?: string;
  /** Of such a token: its machines are taken in as they stand, and only watched. */
  readonly adopts?: boolean;
  /** Of such a token: what approves its machines as they come; absent: a person does. */
  readonly rule?: ApprovalRule;
  readonly validMs: number;
  readonly createdBy: string;
}

export interface CreatedToken {
  readonly id: string;
  /** `wws1.SECRET.CAHASH`; shown once, stored hashed. */
  readonly token: string;
  readonly expiresMs: UnixMs;
}

/** What of a machine that waits must be as planned for exactly one host. */
export const matchFacts = ["serial", "bmc-mac"] as const;
export type MatchFact = (typeof matchFacts)[number];
/** Names the serial at least; no fact twice. */
export type ApprovalRule = readonly MatchFact[];

export interface TokenView {
  readonly id: string;
  readonly kind: TokenRequest["kind"];
  readonly hostName: string | null;
  readonly position: Position | null;
  readonly usesLeft: number;
  readonly site: string | null;
  readonly adopts: boolean;
  readonly rule: ApprovalRule | null;
  readonly expiresMs: UnixMs;
  readonly createdMs: UnixMs;
  readonly createdBy: string;
}

export interface PendingView {
  readonly id: PendingId;
  readonly fingerprint: KeyFingerprint;
  readonly address: string;
  readonly identity: Identity;
  readonly simulated: boolean;
  readonly firstSeenMs: UnixMs;
  readonly lastSeenMs: UnixMs;
  /** The token that it came with; null: not known. */
  readonly tokenId: string | null;
}

export interface RuleApproval {
  readonly rule: ApprovalRule;
  /** Only tell what would be done. */
  readonly isDry: boolean;
  /** Take them in as they stand; undefined: as the token says that each came with. */
  readonly adopt: boolean | undefined;
  readonly approvedBy: string;
}

export interface RuleOutcome {
  readonly approved: readonly {
    readonly pendingId: PendingId;
    readonly hostId: HostId;
    readonly hostName: string;
    readonly adopted: boolean;
  }[];
  readonly left: readonly ({ readonly pendingId: PendingId } & Unmatched)[];
}

/** A name that a planned host has makes the machine that host, at its place. */
export interface Approval {
  /** null: the planned host that has its serial. */
  readonly hostName: string | null;
  readonly position: Position | null;
  readonly adopt: boolean;
  readonly approvedBy: string;
}

export type ApprovalProblem =
  | { readonly kind: "no-such-pending" }
  /** Somebody approved it already, under this name. */
  | { readonly kind: "approved-before"; readonly name: string }
  /** It has no name, and no planned host is it by its serial. */
  | { readonly kind: "not-planned"; readonly words: string }
  | { readonly kind: "name-taken"; readonly name: string }
  | { readonly kind: "position-taken"; readonly position: string; readonly by: string }
  | { readonly kind: "site-elsewhere"; readonly site: string; readonly region: string };

export interface CellFacts {
  readonly cell: CellId;
  readonly caKeySha256: string;
}
