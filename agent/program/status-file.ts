import { closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { AgentStatus } from "#agent/agent.ts";
import type { BootBefore } from "#agent/collectors/boot.ts";
import type { PreviousRun } from "#agent/report/reporter.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { isRecord } from "#proto/vocabulary/plain-record.ts";

/** What `run` leaves for `status` and for the next run: `status.json`. */
export interface StatusRecord {
  readonly pid: number;
  readonly release: string;
  /** Boot in which it ran; releases before 0.2 do not say. */
  readonly bootId?: string;
  /** How the agent of the boot before that one ended; null: none was there. */
  readonly bootBefore?: BootBefore | null;
  readonly phase: "enrolling" | "pending" | "running" | "ended";
  readonly startedMs: UnixMs;
  readonly writtenMs: UnixMs;
  /** Why it ended, or what a person has to do. */
  readonly notice: string | null;
  readonly agent: AgentStatus | null;
}

export interface StatusFile {
  /** Writes at once, and after that at most once a second, the latest. */
  put(record: StatusRecord): void;
  /** Writes what waits, now. */
  flush(): void;
}

const writeMsMin = 1_000;
/**
 * A block of the disk: over what is there it is written as one, and a reader sees the old one or the
 * new one. A rename for each report would cost a journal of the file system more than sampling does.
 */
const blockBytes = 4_096;

/** A status that cannot be written is said once and costs nothing else. */
export function openStatusFile(folder: string, clock: Clock, log: Log): StatusFile {
  const path = join(folder, "status.json");
  let waiting: StatusRecord | null = null;
  let cancel: (() => void) | null = null;
  let hasFailed = false;
  let writtenMs = Number.NEGATIVE_INFINITY;
  /** What stands in the block that this run wrote; null: it wrote none, or one that was larger. */
  let standing: Pick<StatusRecord, "phase" | "notice"> | null = null;
  const write = (): void => {
    if (waiting === null) return;
    const { phase, notice } = waiting;
    const text = `${JSON.stringify({ ...waiting, writtenMs: clock.nowUnixMs() })}\n`;
    const wide = Buffer.byteLength(text) - text.length;
    const bytes = Buffer.from(text.padStart(blockBytes - wide));
    waiting = null;
    writtenMs = clock.nowMonotonicMs();
    try {
      // What a person waits for goes the sure way: whole on the disk, or not at all.
      const isMoreOfTheSame = standing?.phase === phase && standing.notice === notice;
      const fits = bytes.length === blockBytes;
      if (!fits || !isMoreOfTheSame || !overwrite(path, bytes)) {
        writeFileSync(`${path}.new`, bytes, { mode: 0o600 });
        renameSync(`${path}.new`, path);
      }
      standing = fits ? { phase, notice } : null;
      hasFailed = false;
    } catch (error) {
      if (!hasFailed) log.warn({ err: error, path }, "status cannot be written");
      hasFailed = true;
    }
  };
  return {
    put(record) {
      waiting = record;
      if (cancel !== null) return;
      const restMs = writtenMs + writeMsMin - clock.nowMonotonicMs();
      if (restMs <= 0) {
        write();
        return;
      }
      cancel = clock.after(restMs, () => {
        cancel = null;
        write();
      });
    },
    flush() {
      cancel?.();
      cancel = null;
      write();
    },
  };
}

/** False: it is not there. */
function overwrite(path: string, bytes: Uint8Array): boolean {
  let file: number;
  try {
    file = openSync(path, "r+");
  } catch {
    return false;
  }
  try {
    return writeSync(file, bytes, 0, bytes.length, 0) === bytes.length;
  } finally {
    closeSync(file);
  }
}

/** null: there is none, or none that can be read. */
export function readStatusFile(folder: string): StatusRecord | null {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, "status.json"), "utf8"));
    // Our own file; a damaged one is as good as none.
    return isRecord(value) && typeof value["pid"] === "number" && typeof value["phase"] === "string"
      ? (value as unknown as StatusRecord)
      : null;
  } catch {
    return null;
  }
}

/** What the run before left behind, where it was the same host's. */
export function previousRunOf(record: StatusRecord | null, hostId: string): PreviousRun | null {
  const agent = record?.agent;
  if (!isRecord(agent) || agent["hostId"] !== hostId) return null;
  const { acknowledgedToMs, stateRevision } = agent as Readonly<Record<string, unknown>>;
  return {
    acknowledgedToMs: isCount(acknowledgedToMs) ? unixMs(acknowledgedToMs) : null,
    stateRevision: isCount(stateRevision) ? stateRevision : 0,
  };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
