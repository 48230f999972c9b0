import type { HostId } from "#proto/vocabulary/ids.ts";
import type { HostEvent } from "./host-event.ts";
import type { StoredMemory } from "./host-memory.ts";

/** What health needs of a store; implemented in fleet/storage on both engines, one contract test. */
export interface HealthStore {
  /** Of all hosts. What a later release wrote and this one cannot read is left out, and logged. */
  readMemories(): Promise<readonly { readonly hostId: HostId; readonly memory: StoredMemory }[]>;
  /** Memory and events together or neither. Of a host that was removed meanwhile nothing is kept. */
  write(entries: readonly HealthEntry[]): Promise<void>;
  /** Newest first; `before`: the id of the last event of the page before. */
  listEvents(
    hostId: HostId,
    page: { readonly limit: number; readonly before: string | null },
  ): Promise<readonly HostEvent[]>;
}

export interface HealthEntry {
  readonly hostId: HostId;
  readonly memory: StoredMemory;
  readonly events: readonly HostEvent[];
}
