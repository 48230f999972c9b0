import type { Clock } from "#proto/vocabulary/clock.ts";
import { type HostId, newUuidV7 } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { HealthStore } from "./health-store.ts";
import type { HostEvent, HostEventFacts } from "./host-event.ts";
import { type HostMemory, packMemory } from "./host-memory.ts";

/** What is on its way to the store. A store that is away costs nothing but the oldest events. */
export interface HealthJournal {
  /** Its memory has changed: it goes with the next write. */
  changed(hostId: HostId, memory: HostMemory): void;
  /** Something happened; it goes with the memory, in one step. */
  happened(hostId: HostId, memory: HostMemory, what: HostEventFacts): void;
  forget(hostId: HostId): void;
  hasEvents(): boolean;
  /** One write at a time; what cannot be written is kept for the next. Never rejects. */
  write(): Promise<void>;
}

/** Of one host, while the store does not answer. */
const waitingEventsMax = 1_000;

export function createHealthJournal(effects: {
  readonly store: HealthStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}): HealthJournal {
  const { store, clock, random, log } = effects;
  let waiting = new Map<HostId, { readonly memory: HostMemory; events: HostEvent[] }>();
  let eventCount = 0;
  let writing: Promise<void> | null = null;

  const entryOf = (hostId: HostId, memory: HostMemory) => {
    const known = waiting.get(hostId);
    if (known !== undefined) return known;
    const entry: { readonly memory: HostMemory; events: HostEvent[] } = { memory, events: [] };
    waiting.set(hostId, entry);
    return entry;
  };

  const writeAll = async (): Promise<void> => {
    if (waiting.size === 0) return;
    const batch = waiting;
    waiting = new Map();
    eventCount = 0;
    const entries = [...batch].map(([hostId, { memory, events }]) => ({
      hostId,
      memory: packMemory(memory),
      events,
    }));
    try {
      await store.write(entries);
    } catch (error) {
      log.error(
        { err: error, hosts: entries.length },
        "what health remembers could not be written",
      );
      for (const [hostId, { memory, events }] of batch) {
        const entry = entryOf(hostId, memory);
        entry.events = [...events, ...entry.events].slice(-waitingEventsMax);
      }
    }
  };

  return {
    changed: (hostId, memory) => void entryOf(hostId, memory),
    happened(hostId, memory, what) {
      const { events } = entryOf(hostId, memory);
      const atMs = clock.nowUnixMs();
      events.push({ id: newUuidV7(atMs, random), hostId, atMs, what });
      if (events.length > waitingEventsMax) events.shift();
      eventCount += 1;
    },
    forget: (hostId) => void waiting.delete(hostId),
    hasEvents: () => eventCount > 0,
    async write() {
      await writing;
      writing ??= writeAll().finally(() => {
        writing = null;
      });
      await writing;
    },
  };
}
