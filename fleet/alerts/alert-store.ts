import type { AuditEntry } from "#fleet/audit/audit-entry.ts";
import type { AlertId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { AlertRecord } from "./alert.ts";
import type { DeliveryRecord } from "./delivery.ts";
import type { SilenceRecord } from "./silence.ts";

/** Written together or not at all; what has the id of something that is there takes its place. */
export interface AlertChange {
  /** Of the manager that writes: another than the store's is refused. */
  readonly term: number;
  readonly alerts?: readonly AlertRecord[];
  readonly silences?: readonly SilenceRecord[];
  readonly deliveries?: readonly DeliveryRecord[];
  /** Where a person did it. */
  readonly audit?: AuditEntry;
}

/** Implemented in fleet/storage on both engines; one contract test. */
export interface AlertStore {
  commit(change: AlertChange): Promise<"written" | "term-over">;
  /** Those that are not resolved, oldest first. */
  listOpen(): Promise<readonly AlertRecord[]>;
  /** Newest first; `before`: of those with a smaller id. */
  listResolved(ask: {
    readonly before: AlertId | null;
    readonly limit: number;
  }): Promise<readonly AlertRecord[]>;
  find(id: AlertId): Promise<AlertRecord | undefined>;
  /** Those that were not ended and are not over, oldest first. */
  listSilences(nowMs: UnixMs): Promise<readonly SilenceRecord[]>;
  /** What is not settled, oldest first; what was left out until it has been counted in a message. */
  listWaiting(): Promise<readonly DeliveryRecord[]>;
  /** Of one alert, oldest first. */
  listDeliveries(alertId: AlertId): Promise<readonly DeliveryRecord[]>;
  /** When a channel last took something, and when something for it was last given up, and why. */
  readChannel(name: string): Promise<{
    readonly sentMs: UnixMs | null;
    readonly givenUp: { readonly atMs: UnixMs; readonly words: string } | null;
  }>;
  /** Settled and resolved long ago goes. */
  prune(ask: {
    readonly term: number;
    readonly resolvedBeforeMs: UnixMs;
    readonly resolvedMax: number;
    readonly settledBeforeMs: UnixMs;
  }): Promise<void>;
  /** How the manager that led before ended; null: none led yet. */
  readLeader(): Promise<{ readonly term: number; readonly isEnded: boolean } | null>;
  writeLeader(leader: { readonly term: number; readonly isEnded: boolean }): Promise<void>;
}
