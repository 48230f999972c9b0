import type { Api } from "#fleet/api/api-server.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { fetchFrom } from "./test-terminal.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** When the commands of a story have nothing left to do but wait for virtual time. */
export interface ScenarioRest {
  /** Lets everything come to rest that waits for no time; what a command does takes none. */
  settle(isAtRest?: () => boolean): Promise<void>;
  /** For commands: who sleeps by it is known. */
  readonly sleeperClock: Clock;
  readonly hasSleepers: () => boolean;
  /** For commands: asks the API, and whose answer is still to come is known. */
  readonly countedFetch: typeof fetch;
}

/** Real time; what has not come to rest by then waits for virtual time. */
const restMsMax = 5_000;

export function createScenarioRest(clock: VirtualClock, api: Api): ScenarioRest {
  let asking = 0;
  let sleeping = 0;
  const settle = async (isAtRest: () => boolean = () => true): Promise<void> => {
    const endMs = performance.now() + restMsMax;
    while (performance.now() < endMs) {
      await clock.settle();
      await new Promise((resolve) => setImmediate(resolve));
      if (asking === 0 && isAtRest()) break;
    }
    await clock.settle();
  };
  const sleeperClock: Clock = {
    nowUnixMs: () => clock.nowUnixMs(),
    nowMonotonicMs: () => clock.nowMonotonicMs(),
    after(delayMs, callback) {
      sleeping += 1;
      let isOver = false;
      const end = (): boolean => {
        if (isOver) return false;
        isOver = true;
        sleeping -= 1;
        return true;
      };
      const cancel = clock.after(delayMs, () => {
        if (end()) callback();
      });
      return () => {
        cancel();
        end();
      };
    },
  };
  const countedFetch: typeof fetch = async (input, init) => {
    asking += 1;
    try {
      init?.signal?.throwIfAborted();
      return await fetchFrom(api)(input, init);
    } finally {
      asking -= 1;
    }
  };
  return { settle, sleeperClock, hasSleepers: () => sleeping > 0, countedFetch };
}
