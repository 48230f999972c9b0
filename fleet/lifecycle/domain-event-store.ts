import type { HostId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { DomainEvent } from "./domain-events.ts";

/** A domain event with what has become of it. Kept: a brake that is on stays on over a restart. */
export interface KnownEvent {
  readonly event: DomainEvent;
  /** People and channels were told; a moment after it was raised, when it is clear how wide it is. */
  readonly toldMs: UnixMs | null;
  /** Automation goes on there; null: nobody has looked. */
  readonly acknowledged: {
    readonly by: string;
    readonly atMs: UnixMs;
    readonly reason: string;
    /** The silences that were looked at: they are no news while the host is not heard again. */
    readonly silences: readonly { readonly hostId: HostId; readonly sinceMs: UnixMs }[];
  } | null;
  /** Acknowledged, and every host of it is heard again or gone; or a wider one took it in. */
  readonly endedMs: UnixMs | null;
}

/** Implemented in fleet/storage on both engines. */
export interface DomainEventStore {
  /** Those that have not ended, oldest first. */
  readEvents(): Promise<readonly KnownEvent[]>;
  /** New ones and what became of known ones, all or none; `term-over`: another manager leads. */
  writeEvents(events: readonly KnownEvent[], term: number): Promise<"written" | "term-over">;
}
