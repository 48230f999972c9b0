import type { Column, Gap, GapReason, Report } from "#proto/messages/report.ts";
import type { ByteCursor } from "#proto/codec/varints.ts";
import { writeVarint } from "#proto/codec/varints.ts";
import type { BootId, DictionaryDigest, HostId, SpoolId } from "#proto/vocabulary/ids.ts";
import { takeByte, takeBytes, takeVarint, takeZigZag } from "./byte-reader.ts";
import {
  type ByteWriter,
  putByte,
  putVarint,
  putZigZag,
  reserveBytes,
  varintBytesMax,
} from "./byte-writer.ts";
import { putId, takeId } from "./id-bytes.ts";
import { recordKinds } from "./log-records.ts";
import type { ReportEntry } from "./telemetry.ts";

/** A report in the log, all but its columns. */
export interface ReportHead {
  readonly hostId: HostId;
  readonly spoolId: SpoolId;
  readonly bootId: BootId;
  readonly dictionary: DictionaryDigest;
  readonly receivedMs: number;
  readonly seq: number;
  readonly startMs: number;
  readonly startMonotonicMs: number;
  readonly stepMs: number;
  readonly steps: number;
  readonly gaps: readonly Gap[];
}

/** One packed column; views of the record's bytes. */
export type StoredColumn = Pick<Column, "series" | "values" | "present">;

/**
 * Values and bitmaps go in as they came. Summaries do not: the gateway has verified them against
 * the values, so they can be had again, and would be a third of the log.
 */
export function putReport(writer: ByteWriter, entry: ReportEntry): void {
  const { report } = entry;
  putByte(writer, recordKinds.report);
  putId(writer, entry.hostId);
  putId(writer, entry.spoolId);
  putId(writer, entry.bootId);
  putId(writer, report.dictionary);
  putVarint(writer, Math.max(0, Math.floor(entry.receivedMs)));
  putVarint(writer, report.seq);
  putZigZag(writer, report.startMs);
  putVarint(writer, Math.max(0, Math.floor(report.startMonotonicMs)));
  putVarint(writer, report.stepMs);
  putVarint(writer, report.steps);
  putVarint(writer, report.gaps.length);
  for (const gap of report.gaps) putGap(writer, gap);
  putColumns(writer, report);
}

export function takeReportHead(cursor: ByteCursor): ReportHead {
  takeByte(cursor);
  return {
    hostId: takeId<HostId>(cursor),
    spoolId: takeId<SpoolId>(cursor),
    bootId: takeId<BootId>(cursor),
    dictionary: takeId<DictionaryDigest>(cursor),
    receivedMs: takeVarint(cursor),
    seq: takeVarint(cursor),
    startMs: takeZigZag(cursor),
    startMonotonicMs: takeVarint(cursor),
    stepMs: takeVarint(cursor),
    steps: takeVarint(cursor),
    gaps: Array.from({ length: takeVarint(cursor) }, () => takeGap(cursor)),
  };
}

/** Calls `visit` for each column in the order of the report. `cursor` stands behind the head. */
export function visitColumns(
  cursor: ByteCursor,
  steps: number,
  visit: (column: StoredColumn) => void,
): void {
  const count = takeVarint(cursor);
  const bitmapBytes = (steps + 7) >>> 3;
  let series = -1;
  for (let index = 0; index < count; index += 1) {
    const tag = takeVarint(cursor);
    const flags = tag % 4;
    series = (flags & jumps) === 0 ? series + 1 : takeVarint(cursor);
    const present = (flags & hasBitmap) === 0 ? noBytes : takeBytes(cursor, bitmapBytes);
    visit({ series, present, values: takeBytes(cursor, (tag - flags) / 4) });
  }
}

const hasBitmap = 1;
const jumps = 2;
const noBytes = new Uint8Array(0);

/** Length of the values with two flags below it, series where it is not the next, bitmap, values. */
function putColumns(writer: ByteWriter, report: Report): void {
  putVarint(writer, report.columns.length);
  let expected = 0;
  for (const { series, values, present } of report.columns) {
    reserveBytes(writer, 2 * varintBytesMax + values.length + present.length);
    const { bytes } = writer;
    const flags = (present.length > 0 ? hasBitmap : 0) | (series === expected ? 0 : jumps);
    let at = writeVarint(bytes, writer.at, values.length * 4 + flags);
    if (series !== expected) at = writeVarint(bytes, at, series);
    expected = series + 1;
    at = copyShort(present, bytes, at);
    writer.at = copyShort(values, bytes, at);
  }
}

/** A column is some twenty bytes: a loop costs less than a call into the runtime. */
function copyShort(from: Uint8Array, into: Uint8Array, at: number): number {
  const { length } = from;
  if (length > 48) into.set(from, at);
  else for (let index = 0; index < length; index += 1) into[at + index] = from[index] ?? 0;
  return at + length;
}

const gapReasons: readonly GapReason[] = [
  "ring-full",
  "agent-restarted",
  "host-slept",
  "too-large",
];

export function putGap(writer: ByteWriter, gap: Gap): void {
  putByte(writer, gapReasons.indexOf(gap.reason) * 2 + (gap.seqs === null ? 0 : 1));
  putZigZag(writer, gap.fromMs);
  putZigZag(writer, gap.toMs);
  if (gap.seqs === null) return;
  putVarint(writer, gap.seqs.first);
  putVarint(writer, gap.seqs.last);
}

export function takeGap(cursor: ByteCursor): Gap {
  const tag = takeByte(cursor);
  const reason = gapReasons[tag >>> 1] ?? "too-large";
  const fromMs = takeZigZag(cursor) as Gap["fromMs"];
  const toMs = takeZigZag(cursor) as Gap["toMs"];
  const seqs = (tag & 1) === 0 ? null : { first: takeVarint(cursor), last: takeVarint(cursor) };
  return { fromMs, toMs, reason, seqs };
}
