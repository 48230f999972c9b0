import { encodeAgentFrame } from "#proto/codec/agent-frames.ts";
import { decodeManagerFrame } from "#proto/codec/manager-frames.ts";
import type {
  AgentMessage,
  CommandOutcome,
  ManagerMessage,
  Refusal,
  Welcome,
} from "#proto/messages/frames.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { MonotonicMs } from "#proto/vocabulary/units.ts";
import { protocolVersion, wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { createInFlight } from "./in-flight.ts";
import { linkLimits } from "./link-limits.ts";
import type { LinkWork } from "./outbox.ts";
import { createReportQueue, type ReportQueue } from "./report-queue.ts";
import { createTokenBucket } from "./token-bucket.ts";
import type { LinkCloseReason, LinkConnection, LinkHandlers } from "./transport.ts";

/** One connection, from hello to its end. */
export interface Session extends LinkHandlers {
  /** Sends what there is, as far as limits allow. */
  pump(): void;
  /** Reports and state that the manager has not acknowledged, of what was sent. */
  unacknowledged(): number;
  close(code: number, detail: string): void;
}

export interface SessionParts {
  readonly work: LinkWork;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Revision that the manager acknowledged in an earlier session of this run; null: none. */
  readonly stateAcknowledged: number | null;
  readonly connection: () => LinkConnection;
  readonly onWelcome: (welcome: Welcome) => void;
  readonly onStateAcknowledged: (revision: number) => void;
  readonly onEnd: (end: SessionEnd) => void;
}

export interface SessionEnd {
  readonly close: LinkCloseReason;
  /** The manager said why, before it closed. */
  readonly refusal: Refusal | null;
}

export function createSession(parts: SessionParts): Session {
  const { work, clock, random, log } = parts;
  const now = (): MonotonicMs => clock.nowMonotonicMs();
  const messages = createTokenBucket(linkLimits.messages, now());
  const inFlight = createInFlight();
  const outcomes: CommandOutcome[] = [];
  /** Commands that are being carried out. */
  let unanswered = 0;
  const knownDictionaries = new Set<string>();
  // Later than the default interval of reports, never before it: a report says that the agent lives.
  const heartbeatMs = linkLimits.heartbeatMs * (1 + wireLimits.pingJitter * random.next());
  let queue: ReportQueue | null = null;
  let helloDictionary = "";
  let stateAcknowledged = parts.stateAcknowledged;
  let stateSent: { readonly revision: number; readonly atMs: MonotonicMs } | null = null;
  let helloSentMs: MonotonicMs = now();
  let lastSentMs: MonotonicMs = now();
  let lastBeatMs: MonotonicMs = now();
  let bytesMax: number = wireLimits.messageBytesMax;
  let refusal: Refusal | null = null;
  let isOver = false;
  /** Why this side closed; the transport's own words come after it and say less. */
  let ownReason: LinkCloseReason | null = null;
  let cancelWake: CancelTimer = clock.after(linkLimits.connectMsMax, () =>
    close(4408, `no answer within ${linkLimits.connectMsMax} ms`),
  );

  const close = (code: number, detail: string): void => {
    if (isOver || ownReason !== null) return;
    ownReason = { code, detail };
    parts.connection().close(code, detail);
  };

  const sendBytes = (bytes: Uint8Array): void => {
    lastSentMs = now();
    parts.connection().send(bytes);
  };
  const send = (message: AgentMessage): void => sendBytes(encodeAgentFrame(message));

  const isBlocked = (): boolean => parts.connection().bufferedBytes() > linkLimits.bufferedBytesMax;

  /** One thing at a time, the most important first; false: nothing is left that may go now. */
  const sendOne = (): boolean => {
    const outcome = outcomes[0];
    const state = work.state();
    if (outcome !== undefined) {
      if (!messages.take(now())) return false;
      outcomes.shift();
      send({ kind: "outcome", outcome });
      return true;
    }
    const progress = messages.waitMs(now()) > 0 ? null : work.takeProgress();
    if (progress !== null) {
      messages.take(now());
      send({ kind: "order-progress", progress });
      return true;
    }
    if (state !== null && state.revision !== (stateSent?.revision ?? stateAcknowledged)) {
      if (!messages.take(now())) return false;
      stateSent = { revision: state.revision, atMs: now() };
      send({ kind: "state", state });
      return true;
    }
    const report = inFlight.isFull() ? undefined : queue?.next(now());
    if (report !== undefined) {
      if (report.byteLength > bytesMax) {
        queue?.taken(report, now());
        work.outbox.discard(report.seq);
        return true;
      }
      if (!messages.take(now())) return false;
      const dictionary = work.outbox.dictionary(report.dictionary);
      if (!knownDictionaries.has(report.dictionary) && dictionary !== undefined) {
        knownDictionaries.add(report.dictionary);
        send({ kind: "dictionary", dictionary });
        return true;
      }
      queue?.taken(report, now());
      const frame = report.frame();
      inFlight.add(report.seq, frame.byteLength, now());
      sendBytes(frame);
      return true;
    }
    if (now() - lastSentMs >= heartbeatMs || now() - lastBeatMs >= linkLimits.clockMsMax) {
      if (!messages.take(now())) return false;
      lastBeatMs = now();
      send({ kind: "heartbeat", heartbeat: work.heartbeat() });
      return true;
    }
    return false;
  };

  const overdue = (): string | null => {
    const oldest = inFlight.oldestMs();
    const limitMs = linkLimits.acknowledgeMsMax;
    if (oldest !== null && now() - oldest >= limitMs) {
      return `no acknowledgement of a report for ${limitMs} ms`;
    }
    if (stateSent !== null && now() - stateSent.atMs >= limitMs) {
      return `no acknowledgement of the state for ${limitMs} ms`;
    }
    return null;
  };

  /** The next time that something is due by itself: one timer for all of it. */
  const wakeMs = (): number => {
    if (isBlocked()) return linkLimits.bufferedRetryMs;
    const due = [lastSentMs + heartbeatMs - now()];
    const oldest = inFlight.oldestMs();
    if (oldest !== null) due.push(oldest + linkLimits.acknowledgeMsMax - now());
    if (stateSent !== null) due.push(stateSent.atMs + linkLimits.acknowledgeMsMax - now());
    if (outcomes.length > 0) due.push(messages.waitMs(now()));
    const queueMs = inFlight.isFull() ? null : (queue?.waitMs(now()) ?? null);
    if (queueMs !== null) due.push(Math.max(queueMs, messages.waitMs(now())));
    return Math.max(1, Math.min(...due));
  };

  const pump = (): void => {
    if (isOver || ownReason !== null || queue === null) return;
    while (!isBlocked() && sendOne()) {
      // Each turn sends one message or drops one report.
    }
    cancelWake();
    cancelWake = clock.after(wakeMs(), () => {
      const late = overdue();
      if (late === null) pump();
      else close(4408, late);
    });
  };

  const onWelcome = (welcome: Welcome): void => {
    const { current, oldest } = protocolVersion;
    if (welcome.protocol < oldest || welcome.protocol > current) {
      close(
        1002,
        `the manager chose protocol ${welcome.protocol}, which this agent does not speak`,
      );
      return;
    }
    bytesMax = Math.min(wireLimits.messageBytesMax, Math.max(1_024, welcome.messageBytesMax));
    if (welcome.needState) stateAcknowledged = null;
    if (!welcome.needDictionary) knownDictionaries.add(helloDictionary);
    work.welcomed(welcome, now() - helloSentMs);
    work.outbox.acknowledge(welcome.acknowledged);
    queue = createReportQueue(work.outbox, now());
    parts.onWelcome(welcome);
    pump();
  };
  /** What counts only within a session. */
  const takeInSession = (message: ManagerMessage): void => {
    switch (message.kind) {
      case "ack":
        inFlight.acknowledge(message.ack.ranges);
        work.outbox.acknowledge(message.ack.ranges);
        if (message.ack.reportIntervalMs !== null) {
          work.setReportInterval(message.ack.reportIntervalMs);
        }
        break;
      case "state-ack":
        if (stateSent?.revision === message.revision) stateSent = null;
        stateAcknowledged = message.revision;
        parts.onStateAcknowledged(message.revision);
        break;
      case "command":
        // Beyond this the manager asks again: a command is answered each time it comes.
        if (outcomes.length + unanswered >= linkLimits.outcomesMax) break;
        unanswered += 1;
        work.command(message.command, (outcome) => {
          unanswered -= 1;
          outcomes.push(outcome);
          pump();
        });
        break;
      case "welcome":
      case "refusal":
      case "enrol":
        log.debug({ kind: message.kind }, "message out of turn ignored");
        return;
    }
    pump();
  };

  const take = (message: ManagerMessage): void => {
    if (message.kind === "refusal") {
      refusal = message.refusal;
      close(1000, `refused: ${message.refusal.code}`);
    } else if (queue !== null) takeInSession(message);
    else if (message.kind === "welcome") onWelcome(message.welcome);
    else log.debug({ kind: message.kind }, "message before the welcome ignored");
  };

  return {
    onOpen() {
      if (isOver || ownReason !== null) return;
      const hello = work.hello();
      helloDictionary = hello.dictionary;
      helloSentMs = now();
      messages.take(now());
      send({ kind: "hello", hello });
    },
    onMessage(bytes) {
      if (isOver || ownReason !== null) return;
      const decoded = decodeManagerFrame(bytes);
      if (decoded.ok) {
        take(decoded.value);
        return;
      }
      // A newer manager may say what this agent does not know yet.
      if (decoded.problem.kind === "unknown-message") return;
      const { kind, where } = decoded.problem;
      close(1007, `the manager's message does not decode: ${kind} at ${where}`);
    },
    onClose(reason) {
      if (isOver) return;
      isOver = true;
      cancelWake();
      parts.onEnd({ close: ownReason ?? reason, refusal });
    },
    pump,
    unacknowledged: () => inFlight.size() + (stateSent === null ? 0 : 1),
    close,
  };
}
