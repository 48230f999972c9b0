/** One at a time for each name; a bounded number waits. */
export interface Turns {
  /** false: too many wait for this name already, and `work` never runs. `work` must not reject. */
  take(name: string, work: () => Promise<void>): boolean;
}

export function createTurns(waitingMax: number): Turns {
  const queues = new Map<string, (() => Promise<void>)[]>();
  const runAll = async (name: string, queue: (() => Promise<void>)[]): Promise<void> => {
    for (let work = queue[0]; work !== undefined; work = queue[0]) {
      await work();
      queue.shift();
    }
    queues.delete(name);
  };
  return {
    take(name, work) {
      const queue = queues.get(name);
      if (queue !== undefined) {
        // The first of the queue is the one that runs.
        if (queue.length > waitingMax) return false;
        queue.push(work);
        return true;
      }
      const fresh = [work];
      queues.set(name, fresh);
      void runAll(name, fresh);
      return true;
    },
  };
}
