import type { FleetEvent, FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";

/** At most two a second of one kind and host: the console repaints no faster. */
export const coalesceMs = 500;
/** Events kept for watchers that come back; older ids are answered with `reset`. */
export const replayEventsMax = 8_192;

/** One event with its place in the stream. */
export interface NumberedEvent {
  /** Counts from 1 within one run of the manager. */
  readonly number: number;
  /** `run-number`, for Last-Event-ID. */
  readonly id: string;
  /** What a later event of the same kind about the same thing replaces. */
  readonly key: string;
  readonly event: FleetEvent;
  /** Ready for the stream. */
  readonly text: string;
}

export interface EventHub {
  /** Called with what happened in the last half second, ascending. */
  watch(listener: (batch: readonly NumberedEvent[]) => void): () => void;
  /** What came after `lastId`; undefined: too old or of another run, so the watcher starts anew. */
  since(lastId: string): readonly NumberedEvent[] | undefined;
  /** Id of the newest event, for a watcher that starts now. */
  newestId(): string;
  close(): void;
}

/**
 * Joins the events of half a second by kind and thing, numbers them and keeps the newest 8,192.
 * `run` tells one run of the manager from another.
 */
export function createEventHub(effects: {
  readonly events: FleetEvents;
  readonly clock: Clock;
  readonly run: string;
}): EventHub {
  const { events, clock, run } = effects;
  const listeners = new Set<(batch: readonly NumberedEvent[]) => void>();
  const waiting = new Map<string, FleetEvent>();
  let kept: NumberedEvent[] = [];
  let newest = 0;
  let cancelFlush: CancelTimer | null = null;

  const flush = (): void => {
    cancelFlush = null;
    const batch: NumberedEvent[] = [];
    for (const [key, event] of waiting) {
      newest += 1;
      batch.push(numbered({ run, number: newest, key, event }));
    }
    waiting.clear();
    kept.push(...batch);
    // Cut in large bites, so that a full buffer is not copied twice a second.
    if (kept.length > replayEventsMax * 2) kept = kept.slice(-replayEventsMax);
    for (const listener of listeners) listener(batch);
  };

  const unsubscribe = events.subscribe((event) => {
    const key = keyOf(event);
    // Removed first, so that the newest of a kind also comes last.
    waiting.delete(key);
    waiting.set(key, event);
    cancelFlush ??= clock.after(coalesceMs, flush);
  });

  return {
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    since(lastId) {
      const [, ofRun, digits] = /^([a-z0-9]+)-([0-9]{1,15})$/.exec(lastId) ?? [];
      const after = Number(digits);
      const oldest = newest - Math.min(kept.length, replayEventsMax);
      if (ofRun !== run || after > newest || after < oldest) return undefined;
      return kept.slice(kept.length - (newest - after));
    },
    newestId: () => `${run}-${newest}`,
    close() {
      unsubscribe();
      cancelFlush?.();
      listeners.clear();
    },
  };
}

function keyOf(event: FleetEvent): string {
  switch (event.kind) {
    case "pending-changed":
      return `${event.kind} ${event.pendingId}`;
    case "plan-changed":
      return `${event.kind} ${event.planId}`;
    case "domain-event":
    case "alert-changed":
      return `${event.kind} ${event.alertId}`;
    case "cell-changed":
      return `${event.kind} ${event.cell}`;
    case "freeze-changed":
      return event.kind;
    case "operation-changed":
      return `${event.kind} ${event.operationId}`;
    default:
      return `${event.kind} ${event.hostId}`;
  }
}

function numbered(from: {
  readonly run: string;
  readonly number: number;
  readonly key: string;
  readonly event: FleetEvent;
}): NumberedEvent {
  const { run, number, key, event } = from;
  const id = `${run}-${number}`;
  const text = `id: ${id}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;
  return { number, id, key, event, text };
}
