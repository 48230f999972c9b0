import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { AlertStore } from "./alert-store.ts";

export interface OutboxEffects {
  readonly store: AlertStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Of this manager; 0 while it does not lead: then nothing is sent. */
  readonly term: () => number;
}
