import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Result } from "#proto/vocabulary/result.ts";

/** What of the world channels need, handed in. */
export interface NotifyEffects {
  readonly cell: string;
  /** Where people reach the console: `https://fleet.example.net:7600`; null: nobody said. */
  readonly consoleUrl: string | null;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** A file that only its owner may read; the problem is a sentence that shows nothing of it. */
  readonly readSecret: (path: string) => Result<string, string>;
  /** A file that anybody may read: a certificate. */
  readonly readPublic: (path: string) => Result<string, string>;
  readonly clock: Clock;
}
