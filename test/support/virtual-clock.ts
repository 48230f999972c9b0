import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";

/**
 * Time that only moves when a test moves it. One clock holds the timers of a whole simulation;
 * `hostClock` gives a machine its own wall clock over the same timers.
 */
export interface VirtualClock extends Clock {
  /** Moves on by `ms`; runs every timer that falls due, in order, and what they set going. */
  advance(ms: number): Promise<void>;
  /** Runs timers until none is left, at most `limitMs` of virtual time (default one hour). */
  runUntilIdle(limitMs?: number): Promise<void>;
  /** Lets promises that wait for no timer finish. */
  settle(): Promise<void>;
  timers(): number;
  hostClock(options: { readonly wallOffsetMs: number }): HostClock;
}

export interface HostClock extends Clock {
  /** Steps this machine's wall clock; its monotonic clock goes on. */
  jumpWall(ms: number): void;
}

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  /** null once it fired or was cancelled. */
  callback: (() => void) | null;
}

export const virtualStartMs = Date.UTC(2026, 10, 2, 8, 0, 0);

export function createVirtualClock(startUnixMs: number = virtualStartMs): VirtualClock {
  let elapsedMs = 0;
  let order = 0;
  let live = 0;
  const heap: Timer[] = [];

  const after = (delayMs: number, callback: () => void): CancelTimer => {
    const timer: Timer = { dueMs: elapsedMs + Math.max(0, delayMs), order, callback };
    order += 1;
    live += 1;
    push(heap, timer);
    return () => {
      if (timer.callback === null) return;
      timer.callback = null;
      live -= 1;
    };
  };

  const runTo = async (targetMs: number): Promise<void> => {
    await settle();
    for (;;) {
      const timer = heap[0];
      if (timer === undefined || timer.dueMs > targetMs) break;
      pop(heap);
      const { callback } = timer;
      if (callback === null) continue;
      timer.callback = null;
      live -= 1;
      elapsedMs = Math.max(elapsedMs, timer.dueMs);
      callback();
      await settle();
    }
  };

  const clock: VirtualClock = {
    nowUnixMs: () => unixMs(Math.floor(startUnixMs + elapsedMs)),
    nowMonotonicMs: () => monotonicMs(elapsedMs),
    after,
    settle,
    timers: () => live,
    async advance(ms) {
      const targetMs = elapsedMs + ms;
      await runTo(targetMs);
      elapsedMs = targetMs;
    },
    async runUntilIdle(limitMs = 3_600_000) {
      const endMs = elapsedMs + limitMs;
      await runTo(endMs);
      if (live > 0) throw new Error(`${live} timers are still set after ${limitMs} ms`);
    },
    hostClock({ wallOffsetMs }) {
      let offsetMs = wallOffsetMs;
      return {
        nowUnixMs: () => unixMs(clock.nowUnixMs() + offsetMs),
        nowMonotonicMs: clock.nowMonotonicMs,
        after,
        jumpWall: (ms) => {
          offsetMs += ms;
        },
      };
    },
  };
  return clock;
}

/** A turn of the event loop: every promise that can go on has gone on. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(left: Timer, right: Timer): boolean {
  return left.dueMs < right.dueMs || (left.dueMs === right.dueMs && left.order < right.order);
}

function push(heap: Timer[], timer: Timer): void {
  let at = heap.length;
  heap.push(timer);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !isBefore(timer, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = timer;
}

function pop(heap: Timer[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    const left = heap[below];
    const right = heap[below + 1];
    if (left === undefined) break;
    let child = left;
    if (right !== undefined && isBefore(right, left)) {
      child = right;
      below += 1;
    }
    if (!isBefore(child, last)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = last;
}
