import type { Log } from "#proto/vocabulary/log.ts";

/** A line as it was logged: level, message, facts. */
export type LogLine = Readonly<Record<string, unknown>> & {
  readonly level: string;
  readonly message: string;
};

/** A log that keeps its lines, for tests that ask what was said. */
export function collectingLog(): { readonly log: Log; readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  const logWith = (fields: object): Log => {
    const at = (level: string) => (facts: object, message: string) => {
      lines.push({ ...fields, ...facts, level, message });
    };
    return {
      fatal: at("fatal"),
      error: at("error"),
      warn: at("warn"),
      info: at("info"),
      debug: at("debug"),
      child: (more) => logWith({ ...fields, ...more }),
    };
  };
  return { log: logWith({}), lines };
}
