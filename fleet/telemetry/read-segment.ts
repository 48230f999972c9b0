import type { Log } from "#proto/vocabulary/log.ts";
import type { BlockFolder } from "./block-folder.ts";
import { CorruptBytes } from "./byte-reader.ts";
import { takeCheckpoint } from "./checkpoint-record.ts";
import type { Dictionaries } from "./dictionaries.ts";
import type { HostTable } from "./host-table.ts";
import { recordKinds, takeSegmentHeader } from "./log-records.ts";
import { noteReport } from "./note-report.ts";
import { takeReportHead } from "./report-record.ts";
import { type Frame, scanFrames } from "./scan-frames.ts";
import { createSegment, numberDictionary, type Segment } from "./segments.ts";

export interface RecoveryParts {
  readonly folder: BlockFolder;
  readonly log: Log;
  readonly hosts: HostTable;
  readonly dictionaries: Dictionaries;
}

export interface SegmentFile {
  readonly number: number;
  readonly name: string;
  /** Of the segment before: for one whose own header is damaged. */
  readonly saltBefore: number | undefined;
}

export interface ReadSegment {
  /** null: not one good record. */
  readonly segment: Segment | null;
  readonly goodBytes: number;
  readonly size: number;
  readonly damages: readonly LogDamage[];
}

/** Bytes of the log that are no records, and the time that the reports around them stand for. */
export interface LogDamage {
  readonly segment: number;
  readonly bytes: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Reads one file of the log record by record. Throws TelemetryError `FORMAT_NEWER`. */
export async function readSegment(
  parts: RecoveryParts,
  { number, name, saltBefore }: SegmentFile,
): Promise<ReadSegment> {
  const { hosts, dictionaries, log } = parts;
  const damages: LogDamage[] = [];
  let segment: Segment | null = null;
  let expectedOffset = 0;
  let before: { startMs: number; endMs: number } | null = null;
  let lostBytes = 0;

  const readReport = (into: Segment, frame: Frame): void => {
    const head = takeReportHead({ bytes: frame.payload, at: 0 });
    const dictionary = dictionaries.find(head.dictionary);
    if (dictionary === undefined) throw new CorruptBytes("the report's dictionary is lost");
    const host = hosts.require(head.hostId);
    const spool = hosts.requireSpool(host, head.spoolId);
    const { offset, length } = frame;
    noteReport(into, parts, { ...head, host, spool, dictionary, offset, length });
    const endMs = head.startMs + head.steps * head.stepMs;
    if (lostBytes > 0) {
      const fromMs = Math.min(before?.startMs ?? into.createdMs, head.startMs);
      damages.push({ segment: number, bytes: lostBytes, fromMs, toMs: endMs });
      lostBytes = 0;
    }
    before = { startMs: head.startMs, endMs };
  };

  const readRecord = (into: Segment, frame: Frame): void => {
    const kind = frame.payload[0];
    if (kind === recordKinds.report) readReport(into, frame);
    else if (kind === recordKinds.checkpoint)
      takeCheckpoint({ bytes: frame.payload, at: 1 }, hosts);
    else if (kind === recordKinds.dictionary) {
      const dictionary = dictionaries.addStored(frame.payload.subarray(1));
      if (!into.dictionaryNumbers.has(dictionary)) dictionaries.retain(dictionary);
      numberDictionary(into, dictionary);
    }
  };

  const saltOf = (offset: number): number =>
    offset === 0 ? 0 : (segment?.salt ?? saltBefore ?? 0);
  const outcome = await scanFrames(parts.folder, name, saltOf, (frame) => {
    lostBytes += frame.offset - expectedOffset;
    expectedOffset = frame.offset + frame.length;
    const isHeader = frame.offset === 0 && frame.payload[0] === recordKinds.header;
    if (segment === null) {
      const header = isHeader
        ? takeSegmentHeader({ bytes: frame.payload, at: 0 })
        : { createdMs: 0, salt: saltBefore ?? 0 };
      segment = createSegment({ number, createdMs: header.createdMs, salt: header.salt });
    }
    if (isHeader) return;
    try {
      readRecord(segment, frame);
    } catch (error) {
      if (!(error instanceof CorruptBytes)) throw error;
      lostBytes += frame.length;
      log.error({ err: error, file: name, offset: frame.offset }, "a record cannot be read");
    }
  });

  const found = segment as Segment | null;
  const last = before as { startMs: number; endMs: number } | null;
  if (found !== null) {
    found.durableBytes = outcome.goodBytes;
    if (lostBytes > 0) {
      const fromMs = last?.startMs ?? found.createdMs;
      damages.push({ segment: number, bytes: lostBytes, fromMs, toMs: last?.endMs ?? fromMs });
    }
  }
  return { segment: found, goodBytes: outcome.goodBytes, size: outcome.size, damages };
}
