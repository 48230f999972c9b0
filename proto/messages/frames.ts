import type {
  BootId,
  CellId,
  DictionaryDigest,
  HostId,
  IncarnationId,
  KeyFingerprint,
  PendingId,
  SessionId,
  SpoolId,
} from "#proto/vocabulary/ids.ts";
import type { RefusalCode } from "#proto/vocabulary/refusal.ts";
import type { MonotonicMs, UnixMs } from "#proto/vocabulary/units.ts";
import type { HostOrder, OrderEvidence, OrderProgress } from "./orders.ts";
import type { Report, SeqRange } from "./report.ts";
import type { Dictionary } from "./series.ts";
import type { HostState, Identity } from "./state.ts";

/** Everything an agent may say, one message a frame. */
export type AgentMessage =
  | { readonly kind: "hello"; readonly hello: Hello }
  | { readonly kind: "dictionary"; readonly dictionary: Dictionary }
  | { readonly kind: "report"; readonly report: Report }
  | { readonly kind: "state"; readonly state: HostState }
  | { readonly kind: "outcome"; readonly outcome: CommandOutcome }
  | { readonly kind: "enrol"; readonly enrol: EnrolRequest }
  | { readonly kind: "heartbeat"; readonly heartbeat: Heartbeat }
  | { readonly kind: "order-progress"; readonly progress: OrderProgress };

/** Everything a manager may say to an agent. */
export type ManagerMessage =
  | { readonly kind: "welcome"; readonly welcome: Welcome }
  | { readonly kind: "ack"; readonly ack: Ack }
  | { readonly kind: "state-ack"; readonly revision: number }
  | { readonly kind: "command"; readonly command: Command }
  | { readonly kind: "refusal"; readonly refusal: Refusal }
  | { readonly kind: "enrol"; readonly enrol: EnrolAnswer };

export interface Hello {
  readonly protocol: number;
  readonly protocolOldest: number;
  readonly agentRelease: string;
  readonly hostId: HostId;
  readonly bootId: BootId;
  readonly incarnationId: IncarnationId;
  readonly spoolId: SpoolId;
  /** Lowest number the agent still holds unacknowledged. */
  readonly nextSeq: number;
  readonly wallMs: UnixMs;
  readonly monotonicMs: MonotonicMs;
  readonly simulated: boolean;
  readonly stateRevision: number;
  readonly dictionary: DictionaryDigest;
  readonly term: number;
}

export interface Welcome {
  readonly protocol: number;
  readonly sessionId: SessionId;
  readonly cell: CellId;
  readonly managerMs: UnixMs;
  readonly term: number;
  readonly reportIntervalMs: number;
  readonly stepMs: number;
  readonly messageBytesMax: number;
  readonly needState: boolean;
  readonly needDictionary: boolean;
  readonly acknowledged: readonly SeqRange[];
  /** DER, leaf first; empty when the old certificate is still good. */
  readonly certificateChain: readonly Uint8Array[];
}

export interface Refusal {
  readonly code: RefusalCode | "unknown";
  readonly message: string;
  readonly hint: string;
  /** null: do not come back by yourself. */
  readonly retryAfterMs: number | null;
}

export interface Heartbeat {
  readonly wallMs: UnixMs;
  readonly monotonicMs: MonotonicMs;
}

export interface Ack {
  readonly ranges: readonly SeqRange[];
  readonly reportIntervalMs: number | null;
}

export interface Command {
  readonly id: string;
  readonly term: number;
  readonly expiresMs: UnixMs;
  readonly action:
    | { readonly kind: "send-state" }
    | { readonly kind: "set-report-interval"; readonly reportIntervalMs: number }
    | { readonly kind: "order"; readonly order: HostOrder }
    | { readonly kind: "unknown" };
}

export interface CommandOutcome {
  readonly commandId: string;
  readonly result: "unspecified" | "done" | "refused" | "failed";
  readonly detail: string;
  /** null: it was no order, the host was not looked at, or the agent is too old to say. */
  readonly evidence: OrderEvidence | null;
}

export interface EnrolRequest {
  /** null: this key already waits in pending and asks again. */
  readonly token: string | null;
  readonly agentRelease: string;
  readonly simulated: boolean;
  readonly identity: Identity;
  readonly bootId: BootId;
  readonly wallMs: UnixMs;
}

export type EnrolAnswer =
  | {
      readonly kind: "issued";
      readonly hostId: HostId;
      readonly hostName: string;
      readonly cell: CellId;
      readonly generation: number;
      readonly certificateChain: readonly Uint8Array[];
      readonly managerMs: UnixMs;
    }
  | {
      readonly kind: "pending";
      readonly pendingId: PendingId;
      readonly fingerprint: KeyFingerprint;
      readonly retryAfterMs: number;
      readonly managerMs: UnixMs;
    };
