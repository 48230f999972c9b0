import type { PeerIdentity, PinnedHost } from "#fleet/identity/host-identity.ts";
import { decodeAgentFrame } from "#proto/codec/agent-frames.ts";
import { encodeManagerFrame } from "#proto/codec/manager-frames.ts";
import type { DecodeProblem } from "#proto/messages/decode-problem.ts";
import type { AgentMessage, Command, Hello, ManagerMessage } from "#proto/messages/frames.ts";
import type { Dictionary } from "#proto/messages/series.ts";
import { type BootId, newUuidV7, type SessionId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { MonotonicMs } from "#proto/vocabulary/units.ts";
import { protocolVersion, wireLimits } from "#proto/vocabulary/wire-limits.ts";
import type { AgentConnection, ConnectionHandlers } from "./agent-connection.ts";
import { type Goodbye, goodbye } from "./goodbye.ts";
import type { HostGate } from "./host-gate.ts";
import { judgeHello, tellPlace } from "./judge-hello.ts";
import { createReportIntake, type ReportIntake } from "./report-intake.ts";
import type { Session, SessionHost } from "./session-host.ts";
import { createStateIntake, type StateIntake } from "./state-intake.ts";

type Phase = "authenticating" | "awaiting-hello" | "opening" | "open" | "closed";

/**
 * One connection of an agent, from its proven key to its close. Its life: authenticating (bytes
 * wait unparsed) → awaiting-hello → opening (the store is asked what it has) → open → closed.
 */
export class AgentSession implements ConnectionHandlers, Session {
  readonly id: SessionId;
  readonly #host: SessionHost;
  readonly #connection: AgentConnection;
  #log: Log;
  #phase: Phase = "authenticating";
  #cancelDeadline: () => void;
  #unparsed: Uint8Array | null = null;
  #pinned: PinnedHost | null = null;
  #gate: HostGate | null = null;
  #hello: Hello | null = null;
  #intake: ReportIntake | null = null;
  /** The last one learned here: reports that name it are read by it. */
  #dictionary: Dictionary | null = null;
  #states: StateIntake | null = null;
  #heardMs: MonotonicMs;
  /** See clone-guard.ts. */
  doubtedMs: MonotonicMs | null = null;

  constructor(host: SessionHost, connection: AgentConnection) {
    const { clock, random, log, settings } = host.effects;
    this.#host = host;
    this.#connection = connection;
    this.id = newUuidV7<SessionId>(clock.nowUnixMs(), random);
    this.#log = log.child({ sessionId: this.id, address: connection.peer.address });
    this.#heardMs = clock.nowMonotonicMs();
    this.#cancelDeadline = clock.after(settings.handshakeMsMax, () =>
      this.end(goodbye("overloaded", "the handshake took too long", settings.retryMs)),
    );
  }

  get peer(): PeerIdentity {
    return this.#connection.peer;
  }

  get bootId(): BootId | null {
    return this.#hello?.bootId ?? null;
  }

  get heardMs(): MonotonicMs {
    return this.#heardMs;
  }

  get isOpen(): boolean {
    return this.#phase === "open";
  }

  /** Answers when the peer is known, or turned away. */
  async authenticate(): Promise<void> {
    const { log, settings } = this.#host.effects;
    try {
      const answer = await this.#host.authenticate(this.#connection.peer);
      if (this.#phase !== "authenticating") return;
      if (answer.ok) {
        this.#endIf(this.#enter(answer.value));
      } else {
        const retryAfterMs =
          answer.problem === "identity-removed" ? null : settings.decisionRetryMs;
        this.end(goodbye(answer.problem, "this key opens no session here", retryAfterMs));
      }
    } catch (error) {
      log.error({ err: error }, "an agent could not be authenticated");
      this.end(goodbye("overloaded", "the key could not be checked now", settings.retryMs));
    }
  }

  onMessage(bytes: Uint8Array): void {
    if (this.#phase === "closed") return;
    this.#endIf(this.#phase === "authenticating" ? this.#keepUnparsed(bytes) : this.#hear(bytes));
  }

  onClose(code: number, detail: string): void {
    if (this.#phase === "closed") return;
    this.#log.debug({ code, detail }, "agent's connection ended");
    this.#forget();
  }

  /** Sends the refusal and closes. */
  end(why: Goodbye): void {
    if (this.#phase === "closed") return;
    const facts = { code: why.refusal.code, retryAfterMs: why.refusal.retryAfterMs };
    const isUsual = ["shutting-down", "replaced"].includes(why.refusal.code);
    if (isUsual || this.#pinned === null) this.#log.debug(facts, "agent sent away");
    else this.#log.warn({ ...facts, detail: why.refusal.message }, "agent sent away");
    this.#forget();
    this.#connection.send(encodeManagerFrame({ kind: "refusal", refusal: why.refusal }));
    this.#connection.close(why.closeCode, why.refusal.code);
  }

  command(command: Command): void {
    if (this.isOpen) this.send({ kind: "command", command });
  }

  flushAcks(): void {
    if (!this.isOpen) return;
    for (const ranges of this.#intake?.takeAcks() ?? [])
      this.send({ kind: "ack", ack: { ranges, reportIntervalMs: null } });
  }

  send(message: ManagerMessage): void {
    const { settings } = this.#host.effects;
    if (this.#phase === "closed") return;
    this.#connection.send(encodeManagerFrame(message));
    if (this.#connection.bufferedBytes() > settings.bufferedBytesMax)
      this.end(goodbye("overloaded", "the agent does not read what it is sent", settings.retryMs));
  }

  #endIf(why: Goodbye | null): void {
    if (why !== null) this.end(why);
  }

  #keepUnparsed(bytes: Uint8Array): Goodbye | null {
    if (this.#unparsed !== null || bytes.byteLength > this.#host.effects.settings.helloBytesMax)
      return goodbye("message-unexpected", "a hello comes first, alone", null);
    this.#unparsed = bytes;
    return null;
  }

  #enter(pinned: PinnedHost): Goodbye | null {
    const now = this.#host.effects.clock.nowMonotonicMs();
    this.#pinned = pinned;
    this.#log = this.#log.child({ hostId: pinned.hostId });
    this.#host.authenticated(this, pinned.hostId);
    this.#gate = this.#host.gate(pinned.hostId);
    const coolOffLeftMs = this.#gate.coolOffLeftMs(now);
    if (coolOffLeftMs > 0) return goodbye("rate-exceeded", "the pause is not over", coolOffLeftMs);
    this.#phase = "awaiting-hello";
    const waiting = this.#unparsed;
    this.#unparsed = null;
    return waiting === null ? null : this.#hear(waiting);
  }

  #hear(bytes: Uint8Array): Goodbye | null {
    const { settings, clock, links } = this.#host.effects;
    const now = clock.nowMonotonicMs();
    if (this.#gate?.messages.take(now) === false) {
      this.#gate.startCoolOff(now);
      const message = `more than ${settings.messagesPerSecond} messages a second`;
      return goodbye("rate-exceeded", message, settings.coolOffMs);
    }
    this.#heardMs = now;
    if (this.#phase === "open" && this.#pinned !== null) links.heard(this.#pinned.hostId);
    const decoded = decodeAgentFrame(
      bytes,
      this.#dictionary === null ? {} : { dictionary: this.#dictionary },
    );
    return decoded.ok
      ? this.#receive(decoded.value, bytes.byteLength)
      : this.#refuseBytes(decoded.problem);
  }

  #receive(message: AgentMessage, byteLength: number): Goodbye | null {
    if (message.kind === "hello") {
      if (this.#phase === "awaiting-hello" && this.#pinned !== null)
        return this.#greet(message.hello, this.#pinned);
      // The wire may repeat a frame; the same run of the same agent saying hello again is no harm.
      if (this.#hello?.incarnationId === message.hello.incarnationId) return null;
    }
    if (this.#phase === "open" && this.#intake !== null && this.#pinned !== null) {
      switch (message.kind) {
        case "heartbeat":
          this.#host.effects.links.clockSeen(
            this.#pinned.hostId,
            message.heartbeat.wallMs - this.#host.effects.clock.nowUnixMs(),
          );
          return null;
        case "report":
          return this.#intake.take(message.report, byteLength);
        case "dictionary":
          return this.#learn(message.dictionary);
        case "state":
          this.#states?.take(message.state);
          return null;
        case "outcome":
          this.#host.commands.settle(this.#pinned.hostId, message.outcome);
          return null;
        case "order-progress":
          // Of the host whose key this is, whatever it names.
          this.#host.progressed(this.#pinned.hostId, message.progress);
          return null;
        case "hello":
        case "enrol":
          break;
      }
    }
    return goodbye("message-unexpected", `${message.kind} came out of turn`, 1_000);
  }

  #greet(hello: Hello, pinned: PinnedHost): Goodbye | null {
    const { settings, clock } = this.#host.effects;
    const why = judgeHello(hello, pinned, settings);
    if (why !== null) return why;
    this.#hello = hello;
    const noPlace = tellPlace(this.#host.takePlace(this, hello), settings);
    if (noPlace !== null) return noPlace;
    this.#host.effects.onTerm?.(pinned.hostId, hello.term);
    this.#phase = "opening";
    this.#cancelDeadline();
    void this.#open(hello, pinned, hello.wallMs - clock.nowUnixMs());
    return null;
  }

  async #open(hello: Hello, pinned: PinnedHost, clockOffsetMs: number): Promise<void> {
    const { settings, inventory, telemetry, health, clock, links } = this.#host.effects;
    try {
      await health.sessionOpens(pinned.hostId, hello.bootId);
      await inventory.recordSession(pinned.hostId, hello);
      if (this.#phase !== "opening") return;
      const about = { hostId: pinned.hostId, log: this.#log };
      this.#intake = createReportIntake(this.#host, this, { ...about, hello });
      this.#states = createStateIntake(this.#host, this, {
        ...about,
        incarnationId: hello.incarnationId,
      });
      this.#phase = "open";
      links.opened(pinned.hostId, { id: this.id, clockOffsetMs });
      this.send({
        kind: "welcome",
        welcome: {
          protocol: Math.min(hello.protocol, protocolVersion.current),
          sessionId: this.id,
          cell: settings.cell,
          managerMs: clock.nowUnixMs(),
          term: this.#host.effects.term(),
          reportIntervalMs: hello.simulated
            ? settings.simulatedReportIntervalMs
            : settings.reportIntervalMs,
          stepMs: settings.stepMs,
          messageBytesMax: wireLimits.messageBytesMax,
          needState: !this.#host.hasState(pinned.hostId, hello.incarnationId, hello.stateRevision),
          needDictionary: !telemetry.knowsDictionary(hello.dictionary),
          acknowledged: telemetry
            .acknowledged(pinned.hostId, hello.spoolId)
            .slice(-wireLimits.ackRangesMax),
          certificateChain: pinned.renewedChain ?? [],
        },
      });
      this.#log.info(
        { bootId: hello.bootId, agentRelease: hello.agentRelease, clockOffsetMs },
        "agent's session opened",
      );
      if (this.#host.isCloneSuspect(pinned.hostId)) return;
      for (const command of this.#host.commands.waiting(pinned.hostId)) this.command(command);
    } catch (error) {
      this.#log.error({ err: error }, "a session could not be opened");
      this.end(goodbye("overloaded", "the session could not be opened now", settings.retryMs));
    }
  }

  #learn(dictionary: Dictionary): Goodbye | null {
    const { telemetry, clock, settings } = this.#host.effects;
    this.#dictionary = dictionary;
    if (telemetry.knowsDictionary(dictionary.digest)) return null;
    const now = clock.nowMonotonicMs();
    if (this.#gate?.dictionaries.take(now) === false) {
      this.#gate.startCoolOff(now);
      return goodbye("rate-exceeded", "too many new dictionaries", settings.coolOffMs);
    }
    try {
      telemetry.addDictionary(dictionary);
      return null;
    } catch (error) {
      this.#log.error({ err: error }, "a dictionary could not be kept");
      return goodbye("overloaded", "the dictionary could not be kept", settings.retryMs);
    }
  }

  #refuseBytes(problem: DecodeProblem): Goodbye | null {
    // A message of a newer agent: the two of us get on without it.
    if (problem.kind === "unknown-message") return null;
    this.#log.warn({ ...problem }, "an agent's message does not decode");
    const code = problem.kind === "too-large" ? "message-too-large" : "message-malformed";
    const { retryMs } = this.#host.effects.settings;
    return goodbye(code, `${problem.where}: ${problem.detail}`.slice(0, 200), retryMs);
  }

  #forget(): void {
    this.#phase = "closed";
    this.#unparsed = null;
    this.#cancelDeadline();
    if (this.#pinned !== null) this.#host.effects.links.closed(this.#pinned.hostId, this.id);
    this.#host.gone(this);
  }
}
