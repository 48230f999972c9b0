import type { HostId, OperationId } from "#proto/vocabulary/ids.ts";
import type { RunnerMemory } from "./step-run.ts";

/** What carries one operation out at one epoch. */
export interface Runner {
  /** Operation and epoch. */
  readonly key: string;
  readonly hostId: HostId;
  readonly operationId: OperationId;
  readonly memory: RunnerMemory;
  isBusy: boolean;
  /** Something happened while it was busy. */
  isWanted: boolean;
  /** It writes right now: what it hears of itself is no news. */
  isWriting: boolean;
  cancelTimer: () => void;
}

/** Runners by their key and by their host; a host has more than one only while its epoch changes. */
export interface RunnerTable {
  get(key: string): Runner | undefined;
  put(runner: Runner): void;
  delete(runner: Runner): void;
  ofHost(hostId: HostId): readonly Runner[];
  /** All of them end: their timers are canceled. */
  clear(): void;
  count(): number;
}

export function createRunnerTable(): RunnerTable {
  const byKey = new Map<string, Runner>();
  const byHost = new Map<HostId, readonly Runner[]>();
  return {
    get: (key) => byKey.get(key),
    put(runner) {
      byKey.set(runner.key, runner);
      const others = byHost.get(runner.hostId) ?? [];
      byHost.set(runner.hostId, [...others.filter(({ key }) => key !== runner.key), runner]);
    },
    delete(runner) {
      runner.cancelTimer();
      if (byKey.get(runner.key) !== runner) return;
      byKey.delete(runner.key);
      const others = (byHost.get(runner.hostId) ?? []).filter((other) => other !== runner);
      if (others.length === 0) byHost.delete(runner.hostId);
      else byHost.set(runner.hostId, others);
    },
    ofHost: (hostId) => byHost.get(hostId) ?? [],
    clear() {
      for (const runner of byKey.values()) runner.cancelTimer();
      byKey.clear();
      byHost.clear();
    },
    count: () => byKey.size,
  };
}
