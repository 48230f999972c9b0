import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import type { EventHub, NumberedEvent } from "./event-hub.ts";

export const heartbeatMs = 15_000;
/** A watcher that takes nothing for this long is let go; it comes back and is told what it missed. */
export const stuckMsMax = 30_000;
/** Things about which a slow watcher may have news waiting; more ends its stream. */
export const waitingEventsMax = 4_096;

/** The watcher's end of one stream: a socket in production, a list of strings in a test. */
export interface StreamSink {
  /** False: the text is taken, but wait for `onDrain` before the next. */
  write(text: string): boolean;
  onDrain(listener: () => void): void;
  end(): void;
}

export interface EventStream {
  /** Why it ended, for the log; undefined while it is open. */
  ended(): string | undefined;
  end(reason: string): void;
}

/**
 * Serves one watcher: what it missed, then what happens, and a comment every 15 s so that both ends
 * notice a dead wire. A slow watcher costs one event for each thing, not one for each change.
 */
export function openEventStream(
  sink: StreamSink,
  effects: {
    readonly hub: EventHub;
    readonly clock: Clock;
    readonly isWanted: (event: NumberedEvent) => boolean;
    readonly lastEventId: string | null;
    /** By the wall clock; the stream ends with the session that opened it. */
    readonly untilMs: number;
    readonly onEnd: (reason: string) => void;
  },
): EventStream {
  const { hub, clock, isWanted } = effects;
  const waiting = new Map<string, NumberedEvent>();
  let isBlocked = false;
  let blockedSinceMs = 0;
  let endedBecause: string | undefined;
  let cancelHeartbeat: CancelTimer = () => {};

  const end = (reason: string): void => {
    if (endedBecause !== undefined) return;
    endedBecause = reason;
    unwatch();
    cancelHeartbeat();
    waiting.clear();
    sink.end();
    effects.onEnd(reason);
  };

  const write = (text: string): void => {
    if (text === "" || sink.write(text)) return;
    isBlocked = true;
    blockedSinceMs = clock.nowMonotonicMs();
  };

  const deliver = (batch: readonly NumberedEvent[]): void => {
    if (endedBecause !== undefined) return;
    const wanted = batch.filter(isWanted);
    if (!isBlocked) {
      write(wanted.map((event) => event.text).join(""));
      return;
    }
    for (const event of wanted) {
      waiting.delete(event.key);
      waiting.set(event.key, event);
    }
    if (waiting.size > waitingEventsMax) end("the watcher is too slow");
  };

  const beat = (): void => {
    const blockedMs = isBlocked ? clock.nowMonotonicMs() - blockedSinceMs : 0;
    if (clock.nowUnixMs() >= effects.untilMs) end("the session has ended");
    else if (blockedMs >= stuckMsMax) end("the watcher takes nothing");
    else {
      if (!isBlocked) write(": still here\n\n");
      cancelHeartbeat = clock.after(heartbeatMs, beat);
    }
  };

  sink.onDrain(() => {
    if (endedBecause !== undefined) return;
    isBlocked = false;
    const batch = [...waiting.values()];
    waiting.clear();
    write(batch.map((event) => event.text).join(""));
  });

  write(greeting(hub, effects.lastEventId));
  const missed = effects.lastEventId === null ? [] : (hub.since(effects.lastEventId) ?? []);
  const unwatch = hub.watch(deliver);
  deliver(missed);
  cancelHeartbeat = clock.after(heartbeatMs, beat);
  return { ended: () => endedBecause, end };
}

/** `reset` tells a watcher that it missed more than is kept: it should fetch everything again. */
function greeting(hub: EventHub, lastEventId: string | null): string {
  const retry = "retry: 2000\n\n";
  if (lastEventId !== null && hub.since(lastEventId) !== undefined) return retry;
  const kind = lastEventId === null ? "hello" : "reset";
  return `${retry}id: ${hub.newestId()}\nevent: ${kind}\ndata: {"kind":"${kind}"}\n\n`;
}
