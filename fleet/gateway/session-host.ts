import type { PeerIdentity, PinnedHost } from "#fleet/identity/host-identity.ts";
import type { Command, Hello, ManagerMessage } from "#proto/messages/frames.ts";
import type { OrderProgress } from "#proto/messages/orders.ts";
import type { BootId, HostId, IncarnationId, SessionId } from "#proto/vocabulary/ids.ts";
import type { MonotonicMs } from "#proto/vocabulary/units.ts";
import type { RefusalCode } from "#proto/vocabulary/refusal.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { PlaceVerdict } from "./clone-guard.ts";
import type { CommandQueue } from "./command-queue.ts";
import type { GatewayEffects } from "./gateway-effects.ts";
import type { Goodbye } from "./goodbye.ts";
import type { HostGate } from "./host-gate.ts";
import type { InFlight } from "./in-flight.ts";

/** One connection of an agent, as the gateway sees it. */
export interface Session {
  readonly id: SessionId;
  readonly peer: PeerIdentity;
  readonly isOpen: boolean;
  /** null: no hello yet. */
  readonly bootId: BootId | null;
  /** When the last message came. */
  readonly heardMs: MonotonicMs;
  /** When a newcomer first asked for this session's place; see clone-guard.ts. */
  doubtedMs: MonotonicMs | null;
  command(command: Command): void;
  send(message: ManagerMessage): void;
  flushAcks(): void;
  /** Sends the refusal and closes. */
  end(why: Goodbye): void;
}

/** What a session needs of the gateway around it. */
export interface SessionHost {
  readonly effects: GatewayEffects;
  readonly commands: CommandQueue;
  readonly inFlight: InFlight;
  /** Against the store, and again where a key was unpinned while the store was asked. */
  authenticate(peer: PeerIdentity): Promise<Result<PinnedHost, RefusalCode>>;
  /** From now on unpinning the host's key ends this session. */
  authenticated(session: Session, hostId: HostId): void;
  gate(hostId: HostId): HostGate;
  /** Asks for the host's one place; where the answer is `take`, the former session has ended. */
  takePlace(session: Session, hello: Hello): PlaceVerdict;
  /** Two machines use this identity: it gets no command. */
  isCloneSuspect(hostId: HostId): boolean;
  /** Whether this run of the agent has already said its state of this revision. */
  hasState(hostId: HostId, incarnationId: IncarnationId, revision: number): boolean;
  /** How the host gets on with an evacuation, by its own word. */
  progressed(hostId: HostId, progress: OrderProgress): void;
  stateKept(hostId: HostId, incarnationId: IncarnationId, revision: number): void;
  /** The session has numbers to acknowledge; `flushAcks` is called at the end of this turn. */
  acksWait(session: Session): void;
  gone(session: Session): void;
}
