import type { Refusal } from "#proto/messages/frames.ts";
import type { SessionId } from "#proto/vocabulary/ids.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { MonotonicMs, UnixMs } from "#proto/vocabulary/units.ts";
import { backoffMs } from "./backoff.ts";
import { linkLimits } from "./link-limits.ts";
import type { LinkWork } from "./outbox.ts";
import { decideAfterRefusal } from "./refusal-policy.ts";
import { createSession, type Session, type SessionEnd } from "./session.ts";
import type { LinkConnection, LinkTarget, LinkTransport } from "./transport.ts";

/**
 * The one link to a manager: connects, keeps a session, comes back after every end with full jitter,
 * and stops only when the manager says that this identity is over.
 */
export interface Link {
  /** There is something new to send. */
  kick(): void;
  status(): LinkStatus;
  /** Sends what fits into two seconds, then closes. */
  stop(): Promise<void>;
}

export type LinkState = "connecting" | "greeting" | "live" | "waiting" | "stopped";

export interface LinkStatus {
  readonly state: LinkState;
  /** By the host's wall clock. */
  readonly sinceMs: UnixMs;
  readonly sessionId: SessionId | null;
  /** Why there is no session; null while there is one. */
  readonly reason: string | null;
  /** What to do about it, where the manager said so. */
  readonly hint: string | null;
  /** Failures in a row. */
  readonly failures: number;
  readonly retryInMs: number | null;
}

export interface LinkParts {
  readonly transport: LinkTransport;
  /** Asked at each attempt: certificates are renewed meanwhile. */
  readonly target: () => LinkTarget;
  readonly work: LinkWork;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly onChange: (status: LinkStatus) => void;
  /** The manager ended this identity: the agent has nothing more to do. */
  readonly onRefusedForGood: (refusal: Refusal) => void;
}

export function startLink(parts: LinkParts): Link {
  const { clock, log, random, work } = parts;
  let state: LinkState = "connecting";
  let sinceMs = clock.nowUnixMs();
  let sessionId: SessionId | null = null;
  let reason: string | null = null;
  let hint: string | null = null;
  let saidReason: string | null = null;
  let failures = 0;
  let retryAtMs: MonotonicMs | null = null;
  let liveSinceMs: MonotonicMs | null = null;
  let stateAcknowledged: number | null = null;
  let session: Session | null = null;
  let cancelTimer: CancelTimer = () => {};
  let finishStop: (() => void) | null = null;

  const status = (): LinkStatus => ({
    state,
    sinceMs,
    sessionId,
    reason,
    hint,
    failures,
    retryInMs: retryAtMs === null ? null : Math.max(0, retryAtMs - clock.nowMonotonicMs()),
  });

  const enter = (next: LinkState): void => {
    if (next === state) return;
    state = next;
    sinceMs = clock.nowUnixMs();
    parts.onChange(status());
  };

  const connect = (): void => {
    retryAtMs = null;
    let connection: LinkConnection | null = null;
    const requireConnection = (): LinkConnection => {
      if (connection === null) throw new Error("the transport called back while it connected");
      return connection;
    };
    const next = createSession({
      work,
      clock,
      random,
      log,
      stateAcknowledged,
      connection: requireConnection,
      onWelcome(welcome) {
        sessionId = welcome.sessionId;
        liveSinceMs = clock.nowMonotonicMs();
        reason = null;
        hint = null;
        saidReason = null;
        enter("live");
        log.info({ sessionId, cell: welcome.cell, afterFailures: failures }, "link is live");
      },
      onStateAcknowledged(revision) {
        stateAcknowledged = revision;
      },
      onEnd: ended,
    });
    session = next;
    enter("connecting");
    connection = parts.transport.connect(parts.target(), {
      onOpen() {
        enter("greeting");
        next.onOpen();
      },
      onMessage: next.onMessage,
      onClose: next.onClose,
    });
  };

  const ended = ({ close, refusal }: SessionEnd): void => {
    const now = clock.nowMonotonicMs();
    const lifeMs = liveSinceMs === null ? 0 : now - liveSinceMs;
    session = null;
    sessionId = null;
    liveSinceMs = null;
    if (finishStop !== null) {
      reason = "the agent was stopped";
      enter("stopped");
      finishStop();
      return;
    }
    failures = lifeMs >= linkLimits.stableSessionMs ? 0 : failures + 1;
    reason = refusal === null ? `${close.detail} (${close.code})` : refusal.message;
    hint = refusal?.hint ?? null;
    const after =
      refusal === null
        ? { kind: "retry" as const, delayMs: backoffMs(Math.max(0, failures - 1), random) }
        : decideAfterRefusal(refusal, failures, random);
    say(refusal, after.kind === "retry" ? after.delayMs : null);
    if (after.kind === "stop" && refusal !== null) {
      enter("stopped");
      parts.onRefusedForGood(refusal);
      return;
    }
    const delayMs = after.kind === "retry" ? after.delayMs : 0;
    retryAtMs = (now + delayMs) as MonotonicMs;
    enter("waiting");
    cancelTimer = clock.after(delayMs, connect);
  };

  /** One line a reason, however often it comes again. */
  const say = (refusal: Refusal | null, retryInMs: number | null): void => {
    const facts = {
      reason,
      ...(refusal && { refusal: refusal.code, hint }),
      failures,
      retryInMs: retryInMs === null ? null : Math.round(retryInMs),
    };
    if (reason === saidReason) log.debug(facts, "link is down");
    else if (retryInMs === null) log.error(facts, "link is down for good");
    else log.warn(facts, "link is down");
    saidReason = reason;
  };

  connect();
  return {
    kick: () => session?.pump(),
    status,
    async stop() {
      if (state === "stopped") return;
      cancelTimer();
      const ending = session;
      if (ending === null) {
        reason = "the agent was stopped";
        enter("stopped");
        return;
      }
      const done = new Promise<void>((resolve) => {
        finishStop = resolve;
      });
      const endMs = clock.nowMonotonicMs() + linkLimits.stopFlushMs;
      ending.pump();
      const look = (): void => {
        const isFlushed = state !== "live" || ending.unacknowledged() === 0;
        if (!isFlushed && clock.nowMonotonicMs() < endMs) {
          cancelTimer = clock.after(25, look);
          return;
        }
        ending.close(1000, "the agent stops");
        // A peer that does not answer the close must not hold up the end.
        cancelTimer = clock.after(500, () => ending.onClose({ code: 1006, detail: "no close" }));
      };
      look();
      await done;
      cancelTimer();
    },
  };
}
