import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";

/**
 * One process of the simulated world. Everything that comes to it (timers, messages, answers of
 * disks and stores) goes through `enter`: nothing reaches a process that is dead, and what comes to
 * one that is paused waits until it goes on, as with SIGSTOP.
 */
export interface ProcessLife {
  /** Timers of this process; its wall clock is the machine's. */
  readonly clock: Clock;
  enter(run: () => void): void;
  isOver(): boolean;
  isPaused(): boolean;
  end(): void;
  pause(): void;
  /** What waited comes in, in its order. */
  goOn(): void;
  /**
   * The same port, as this process sees it: every method answers a promise, each answer is a moment
   * at which the process may have ended. Ports within a port are guarded too.
   */
  guard<Port extends object>(port: Port): Port;
}

/** What may happen to a process while it waits for an answer. */
export interface AwaitHooks {
  /** The question is about to leave; may end or pause the process: then it never leaves. */
  readonly onAsk?: (name: string) => void;
  /** The answer is there and was not heard yet; the same. */
  readonly onAnswer?: (name: string) => void;
}

export function createProcessLife(clock: Clock, hooks: AwaitHooks = {}): ProcessLife {
  let isOver = false;
  let isPaused = false;
  let waiting: (() => void)[] = [];
  const guarded = new WeakMap<object, object>();

  const enter = (run: () => void): void => {
    if (isOver) return;
    if (isPaused) waiting.push(run);
    else run();
  };

  const ask = (name: string, call: () => unknown): unknown => {
    if (isOver) return nothing();
    hooks.onAsk?.(name);
    if (life.isOver()) return nothing();
    const answer = call();
    if (!(answer instanceof Promise)) return answer;
    return new Promise((resolve, reject) => {
      const hear = (settle: () => void): void =>
        enter(() => {
          hooks.onAnswer?.(name);
          enter(settle);
        });
      answer.then(
        (value) => hear(() => resolve(value)),
        (error: unknown) => hear(() => reject(error)),
      );
    });
  };

  const guard = <Port extends object>(port: Port): Port => {
    const known = guarded.get(port);
    if (known !== undefined) return known as Port;
    const proxy = new Proxy(port, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value === "function")
          return (...args: unknown[]) => ask(String(name), () => value.apply(target, args));
        return typeof value === "object" && value !== null ? guard(value) : value;
      },
    });
    guarded.set(port, proxy);
    return proxy;
  };

  const life: ProcessLife = {
    clock: {
      nowUnixMs: () => clock.nowUnixMs(),
      nowMonotonicMs: () => clock.nowMonotonicMs(),
      after(delayMs, callback): CancelTimer {
        let isCanceled = false;
        const cancel = clock.after(delayMs, () =>
          enter(() => {
            if (!isCanceled) callback();
          }),
        );
        return () => {
          isCanceled = true;
          cancel();
        };
      },
    },
    enter,
    isOver: () => isOver,
    isPaused: () => isPaused,
    end() {
      isOver = true;
      waiting = [];
    },
    pause() {
      isPaused = true;
    },
    goOn() {
      if (!isPaused) return;
      isPaused = false;
      const came = waiting;
      waiting = [];
      // One after the other, and what each sets going in between.
      for (const run of came) clock.after(0, () => enter(run));
    },
    guard,
  };
  return life;
}

/** Answers never. A promise of its own each time: one for all would keep every process that waits on it. */
function nothing(): Promise<never> {
  return new Promise<never>(() => {});
}
