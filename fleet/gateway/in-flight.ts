/** Counts what waits for the disk, over all sessions, against a limit in bytes. */
export interface InFlight {
  /** false: as much waits as may. */
  enter(bytes: number): boolean;
  leave(bytes: number): void;
  /** Resolves once nothing waits. */
  idle(): Promise<void>;
}

export function createInFlight(bytesMax: number): InFlight {
  let bytesWaiting = 0;
  let count = 0;
  let waiters: (() => void)[] = [];
  return {
    enter: (bytes) => {
      if (count > 0 && bytesWaiting + bytes > bytesMax) return false;
      bytesWaiting += bytes;
      count += 1;
      return true;
    },
    leave: (bytes) => {
      bytesWaiting -= bytes;
      count -= 1;
      if (count > 0) return;
      const woken = waiters;
      waiters = [];
      for (const wake of woken) wake();
    },
    idle: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
  };
}
