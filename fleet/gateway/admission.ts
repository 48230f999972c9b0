import type { Clock } from "#proto/vocabulary/clock.ts";
import { type MonotonicMs, monotonicMs } from "#proto/vocabulary/units.ts";

export interface AdmissionSettings {
  /** TLS handshakes under way at once: enough to be busy, few enough to keep turns short. */
  readonly handshakesMax: number;
  /** Connections that wait their turn; beyond this they are cut and come back by themselves. */
  readonly waitingMax: number;
  readonly waitMsMax: number;
  readonly lagMsMax: number;
  /** The event loop has been late for so long: nobody new comes in. Who is in, stays. */
  readonly lagForMs: number;
}

export const admissionDefaults: AdmissionSettings = {
  handshakesMax: 32,
  waitingMax: 12_000,
  waitMsMax: 30_000,
  lagMsMax: 100,
  lagForMs: 2_000,
};

/** Lets new connections in as fast as the event loop takes them, in order, never faster. */
export interface Admission {
  /**
   * Calls `enter` now or later, with the way to give the place back (once), or `turnAway` when the
   * wait was too long or the queue is full. The answer is for whoever goes away while waiting.
   */
  ask(visitor: {
    readonly enter: (leave: () => void) => void;
    readonly turnAway: (why: string) => void;
  }): () => void;
  /** No new ones because of lag. */
  isClosed(): boolean;
  waiting(): number;
  stop(): void;
}

interface Waiting {
  readonly enter: (leave: () => void) => void;
  readonly turnAway: (why: string) => void;
  readonly since: MonotonicMs;
  gone: boolean;
}

export function createAdmission(clock: Clock, settings: AdmissionSettings): Admission {
  let queue: Waiting[] = [];
  let gone = 0;
  let inside = 0;
  const lag = watchLag(clock, settings, () => letIn());

  const letIn = (): void => {
    const oldest = clock.nowMonotonicMs() - settings.waitMsMax;
    let taken = 0;
    for (const visitor of queue) {
      const isLate = !visitor.gone && visitor.since <= oldest;
      if (!(isLate || visitor.gone) && (inside >= settings.handshakesMax || lag.isHigh())) break;
      taken += 1;
      if (visitor.gone) gone -= 1;
      else if (isLate) visitor.turnAway("waited too long to be let in");
      else enter(visitor);
    }
    if (taken > 0) queue = queue.slice(taken);
  };

  const enter = (visitor: Waiting): void => {
    inside += 1;
    let left = false;
    visitor.enter(() => {
      if (left) return;
      left = true;
      inside -= 1;
      if (queue.length > 0) letIn();
    });
  };

  return {
    ask: ({ enter: onEnter, turnAway }) => {
      if (queue.length - gone >= settings.waitingMax) {
        turnAway("too many wait to be let in");
        return () => {};
      }
      const since = monotonicMs(clock.nowMonotonicMs());
      const visitor: Waiting = { enter: onEnter, turnAway, since, gone: false };
      queue.push(visitor);
      letIn();
      return () => {
        if (visitor.gone || !queue.includes(visitor)) return;
        visitor.gone = true;
        gone += 1;
      };
    },
    isClosed: lag.isHigh,
    waiting: () => queue.length - gone,
    stop: () => {
      lag.stop();
      for (const visitor of queue) if (!visitor.gone) visitor.turnAway("the manager is stopping");
      queue = [];
      gone = 0;
    },
  };
}

/** A timer that is called late shows how late the whole event loop is. */
function watchLag(
  clock: Clock,
  settings: AdmissionSettings,
  onTick: () => void,
): { readonly isHigh: () => boolean; readonly stop: () => void } {
  const everyMs = 200;
  let dueAt = clock.nowMonotonicMs() + everyMs;
  let highSince: number | null = null;
  let now: number = clock.nowMonotonicMs();
  const isHigh = (): boolean => highSince !== null && now - highSince >= settings.lagForMs;
  const look = (): void => {
    now = clock.nowMonotonicMs();
    if (now - dueAt <= settings.lagMsMax) highSince = null;
    else highSince ??= dueAt;
    dueAt = now + everyMs;
    cancel = clock.after(everyMs, look);
    onTick();
  };
  let cancel = clock.after(everyMs, look);
  return { isHigh, stop: () => cancel() };
}
