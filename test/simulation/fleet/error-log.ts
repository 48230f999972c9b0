import type { Log } from "#proto/vocabulary/log.ts";

/** Keeps what is logged as an error, each text once; the rest is dropped unread. */
export function createErrorLog(): { readonly log: Log; errors(): readonly string[] } {
  const errors = new Set<string>();
  const drop = (): void => {};
  const keep = (facts: object, message: string): void => {
    const cause: unknown = "err" in facts ? facts.err : undefined;
    const said = cause instanceof Error ? `: ${cause.stack ?? cause.message}` : "";
    if (errors.size < 50) errors.add(`${message}${said}`);
  };
  const log: Log = {
    fatal: keep,
    error: keep,
    warn: drop,
    info: drop,
    debug: drop,
    child: () => log,
  };
  return { log, errors: () => [...errors] };
}
