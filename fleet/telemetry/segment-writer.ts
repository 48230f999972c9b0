import { type Clock, sleep } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { AppendFile, BlockFolder } from "./block-folder.ts";
import { type ByteWriter, createByteWriter, writtenBytes } from "./byte-writer.ts";
import type { KnownDictionary } from "./dictionaries.ts";
import { beginFrame, endFrame, frameHeaderBytes, framePayloadBytesMax } from "./log-frames.ts";
import { createSegment, type Segment } from "./segments.ts";
import { putSegmentPrefix } from "./segment-prefix.ts";
import type { TelemetryConfig } from "./telemetry-config.ts";
import { TelemetryError } from "./telemetry-error.ts";

/**
 * The end of the log. What one turn of the event loop brings, and what comes while an fsync runs,
 * shares the next fsync; nothing is told as durable before it.
 */
export interface SegmentWriter<Append extends PendingAppend> {
  /** Encodes now, settles later through `onDurable` or `onRefused`. Throws TelemetryError at once. */
  submit(append: Append, encode: (writer: ByteWriter) => void): void;
  close(): Promise<void>;
}

export interface PendingAppend {
  readonly dictionary: KnownDictionary;
  /** Of the frame; set when it was encoded, within its batch, and made absolute when durable. */
  offset: number;
  length: number;
}

export interface SegmentWriterParts<Append extends PendingAppend> {
  readonly folder: BlockFolder;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: TelemetryConfig;
  readonly salt: number;
  /** Goes on with this one where recovery found it fit. */
  readonly resumed: Segment | null;
  readonly nextNumber: number;
  /** Writes the payloads of the records that say what earlier segments held. */
  readonly checkpoint: () => Iterable<(writer: ByteWriter) => void>;
  readonly onDurable: (segment: Segment, appends: readonly Append[]) => void;
  readonly onRefused: (appends: readonly Append[], error: TelemetryError) => void;
  readonly onSealed: (segment: Segment) => void;
}

interface Batch<Append> {
  readonly writer: ByteWriter;
  appends: Append[];
}

/** A buffer that grew beyond this is not kept for the next batch. */
const bufferBytesKept = 8 * 1024 * 1024;

export function createSegmentWriter<Append extends PendingAppend>(
  parts: SegmentWriterParts<Append>,
): SegmentWriter<Append> {
  const { folder, clock, log, config, salt } = parts;
  const closing = new AbortController();
  let segment: Segment | null = parts.resumed;
  let file: AppendFile | null = null;
  let nextNumber = parts.nextNumber;
  let batch: Batch<Append> = { writer: createByteWriter(64 * 1024), appends: [] };
  let spare: Batch<Append> = { writer: createByteWriter(64 * 1024), appends: [] };
  let running: Promise<void> | null = null;
  let lastCommitMs = Number.NEGATIVE_INFINITY;

  const commitAll = async (): Promise<void> => {
    // Everything that waits for the same turn joins the batch first.
    await Promise.resolve();
    while (batch.appends.length > 0) {
      await pause();
      const taken = batch;
      batch = spare;
      lastCommitMs = clock.nowMonotonicMs();
      await commit(taken);
      const keeps = taken.writer.bytes.length <= bufferBytesKept;
      spare = { writer: keeps ? taken.writer : createByteWriter(64 * 1024), appends: [] };
      spare.writer.at = 0;
    }
    running = null;
  };

  const pause = async (): Promise<void> => {
    const waitMs = lastCommitMs + config.commitSpacingMs - clock.nowMonotonicMs();
    if (waitMs <= 0 || closing.signal.aborted) return;
    await sleep(clock, waitMs, closing.signal).catch(() => {});
  };

  const commit = async (taken: Batch<Append>): Promise<void> => {
    try {
      requireRoom(taken.writer.at);
      if (isDue(taken.writer.at)) await seal();
      segment ??= createSegment({ number: nextNumber++, createdMs: clock.nowUnixMs(), salt });
      file ??= folder.openLog(segment.name);
      await write(segment, file, taken);
    } catch (error) {
      const refusal = toTelemetryError(error);
      log.warn({ err: refusal, reports: taken.appends.length }, "telemetry reports not kept");
      parts.onRefused(taken.appends, refusal);
      return;
    }
    tellDurable(segment, taken.appends);
  };

  const write = async (to: Segment, out: AppendFile, taken: Batch<Append>): Promise<void> => {
    let isSyncing = false;
    try {
      const prefix = createByteWriter();
      putSegmentPrefix(prefix, to, taken.appends, to.durableBytes === 0 ? parts.checkpoint() : []);
      if (prefix.at > 0) await out.append(writtenBytes(prefix));
      const base = await out.append(writtenBytes(taken.writer));
      isSyncing = true;
      await out.sync();
      to.durableBytes = base + taken.writer.at;
      for (const append of taken.appends) append.offset += base;
    } catch (error) {
      await repair(to, isSyncing);
      throw error;
    }
  };

  /** What is on disk stays there and is never refused, whatever becomes of the notes about it. */
  const tellDurable = (to: Segment, appends: readonly Append[]): void => {
    try {
      parts.onDurable(to, appends);
    } catch (error) {
      log.fatal({ err: error, file: to.name }, "durable telemetry reports could not be noted");
    }
  };

  /** Back to the last good record. After a failed fsync nobody knows what the file holds: a new one. */
  const repair = async (broken: Segment, mustLeave: boolean): Promise<void> => {
    let isWhole = !mustLeave;
    try {
      folder.truncate(broken.name, broken.durableBytes);
    } catch (error) {
      isWhole = false;
      log.error({ err: error, file: broken.name }, "telemetry log cannot be cut back");
    }
    if (!isWhole) await seal();
  };

  const seal = async (): Promise<void> => {
    const sealed = segment;
    const open = file;
    segment = null;
    file = null;
    await open?.close().catch((error: unknown) => {
      log.warn({ err: error, file: sealed?.name }, "telemetry log did not close");
    });
    if (sealed !== null) parts.onSealed(sealed);
  };

  const isDue = (bytes: number): boolean =>
    segment !== null &&
    segment.durableBytes > 0 &&
    (segment.durableBytes + bytes > config.segmentBytesMax ||
      segment.index.count() >= config.segmentReportsMax ||
      Math.abs(clock.nowUnixMs() - segment.createdMs) >= config.segmentMsMax);

  const requireRoom = (bytes: number): void => {
    const free = folder.freeBytes();
    if (free >= config.reserveBytes + bytes) return;
    throw new TelemetryError(
      "STORE_FULL",
      `${free} bytes are free on the disk of the telemetry folder, ${config.reserveBytes} are kept in reserve: make room`,
    );
  };

  return {
    submit(append, encode) {
      const { writer, appends } = batch;
      if (writer.at > config.pendingBytesMax) {
        throw new TelemetryError("STORE_BUSY", "too many reports wait for the disk");
      }
      const start = beginFrame(writer);
      encode(writer);
      if (writer.at - start - frameHeaderBytes > framePayloadBytesMax) {
        writer.at = start;
        throw new TelemetryError("REPORT_INVALID", "the report is larger than a record may be");
      }
      endFrame(writer, start, salt);
      append.offset = start;
      append.length = writer.at - start;
      appends.push(append);
      running ??= commitAll();
    },
    async close() {
      closing.abort();
      while (running !== null) await running;
      await file?.close();
      file = null;
    },
  };
}

const fullCodes: readonly unknown[] = ["ENOSPC", "EDQUOT", "EFBIG"];

function toTelemetryError(error: unknown): TelemetryError {
  if (error instanceof TelemetryError) return error;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return fullCodes.includes(code)
    ? new TelemetryError("STORE_FULL", "the disk of the telemetry folder is full: make room", {
        cause: error,
      })
    : new TelemetryError("STORE_FAILED", "the telemetry folder cannot be written", {
        cause: error,
      });
}
