import { inspect } from "node:util";
import type { Log } from "#proto/vocabulary/log.ts";

/** Keeps every line as text, with all facts: for tests that look for what must not be there. */
export interface CapturedLog extends Log {
  readonly lines: readonly string[];
}

export function createCapturedLog(): CapturedLog {
  const lines: string[] = [];
  const child = (fields: object): Log => {
    const say =
      (level: string) =>
      (facts: object, message: string): void => {
        const text = inspect({ ...fields, ...facts }, { depth: 10, maxStringLength: null });
        lines.push(`${level} ${message} ${text}`);
      };
    return {
      fatal: say("fatal"),
      error: say("error"),
      warn: say("warn"),
      info: say("info"),
      debug: say("debug"),
      child: (more) => child({ ...fields, ...more }),
    };
  };
  return { lines, ...child({}) };
}
