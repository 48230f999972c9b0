/**
 * What a module may say. pino fits it as it is. A constant message, facts in fields with units,
 * secrets never.
 */
export interface Log {
  fatal(facts: object, message: string): void;
  error(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  info(facts: object, message: string): void;
  debug(facts: object, message: string): void;
  /** A log for one component; its fields are on every line. */
  child(fields: object): Log;
}

/** For callers that want none. */
export const silentLog: Log = {
  fatal: () => {},
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => silentLog,
};
