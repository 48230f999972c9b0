import type { Clock } from "./clock.ts";

/** Where pino writes; fits its `DestinationStream`. */
export interface LogDestination {
  /** Never throws. */
  write(line: string): void;
}

/** Writes some of the bytes and says how many, as write(2); throws when it takes none. */
export type WriteBytes = (bytes: Uint8Array) => number;

/**
 * A log that never costs the program: a line that cannot be written (the disk is full, the reader
 * has gone, a pipe is stuck) is dropped, and how many were is said as soon as a line fits again.
 */
export function createLogDestination(
  writeBytes: WriteBytes,
  clock: Pick<Clock, "nowUnixMs">,
): LogDestination {
  const encoder = new TextEncoder();
  let dropped = 0;
  let why = "";
  /** A line was written in part: what comes next must not stand on it. */
  let isTorn = false;

  const put = (text: string): boolean => {
    const bytes = encoder.encode(isTorn ? `\n${text}` : text);
    let written = 0;
    try {
      while (written < bytes.length) {
        const taken = writeBytes(bytes.subarray(written));
        if (taken <= 0) return false;
        written += taken;
      }
      isTorn = false;
      return true;
    } catch (error) {
      why = codeOf(error);
      return false;
    } finally {
      if (written > 0) isTorn = written < bytes.length;
    }
  };

  return {
    write(line) {
      if (dropped > 0) {
        const notice = { level: 40, time: clock.nowUnixMs(), dropped, why };
        if (put(`${JSON.stringify({ ...notice, msg: "log lines were dropped" })}\n`)) dropped = 0;
      }
      if (dropped > 0 || !put(line)) dropped += 1;
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
