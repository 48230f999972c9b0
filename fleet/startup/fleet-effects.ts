import type { HttpFetch } from "#fleet/life/tenant-notices.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { Result } from "#proto/vocabulary/result.ts";

/** What the manager asks of the world. */
export interface FleetEffects {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** For notices to tenants, and alerts. */
  readonly fetch: HttpFetch;
  /** Of a file that only its owner may read, and of one that anybody may: the text, or why not. */
  readonly readSecret: (path: string) => Result<string, string>;
  readonly readPublic: (path: string) => Result<string, string>;
  readonly pid: number;
  readonly release: string;
  /** Where the built console lies, or would. */
  readonly consoleFolder: string;
  /** PEM; null: plain HTTP on loopback. */
  readonly consoleTls: { readonly certificate: string; readonly key: string } | null;
}
