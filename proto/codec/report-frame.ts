import type { Column, Report } from "#proto/messages/report.ts";
import { crc32OfRange, crc32OfUint32 } from "./crc32.ts";
import { digestToWire } from "./dictionary-digest.ts";
import { summaryBytesMax, writeSummary } from "./summaries.ts";
import { sizeOfVarint, writeVarint, writeZigZag } from "./varints.ts";

/**
 * The frame of a report, written straight into one buffer: byte for byte what protobufjs makes of it,
 * which a property test holds it to, at a tenth of the cost. It is the one message that an agent
 * sends again and again. null: a report with what is rare (gaps, numbers that are not whole), which
 * is left to protobufjs.
 */
export function encodeReportFrame(report: Report): Uint8Array | null {
  const { seq, startMs, startMonotonicMs, stepMs, steps } = report;
  const isPlain = isCount(seq) && isCount(startMonotonicMs) && isUint32(stepMs) && isUint32(steps);
  if (report.gaps.length > 0 || !isPlain || !Number.isSafeInteger(startMs)) return null;
  reserve(headBytesMax, 0);
  let at = frameStart;
  if (seq !== 0) at = writeVarint(scratch, tag(at, 1, varint), seq);
  const digest = digestToWire(report.dictionary);
  if (digest.length > 0)
    at = writeBytes(writeVarint(scratch, tag(at, 2, sized), digest.length), digest);
  if (startMs !== 0) at = writeZigZag(scratch, tag(at, 3, varint), startMs);
  if (startMonotonicMs !== 0) at = writeVarint(scratch, tag(at, 4, varint), startMonotonicMs);
  if (stepMs !== 0) at = writeVarint(scratch, tag(at, 5, varint), stepMs);
  if (steps !== 0) at = writeVarint(scratch, tag(at, 6, varint), steps);
  let checksum = 0;
  for (const column of report.columns) {
    if (!isUint32(column.series)) return null;
    checksum = crc32OfUint32(column.series, checksum);
    at = writeColumn(at, column);
    checksum = checksumOf(checksum);
  }
  if (checksum !== 0) {
    reserve(at, 8);
    at = tag(at, 9, fixed32);
    for (let shift = 0; shift < 32; shift += 8) scratch[at++] = checksum >>> shift;
  }
  const length = at - frameStart;
  const start = frameStart - 1 - sizeOfVarint(length);
  writeVarint(scratch, tag(start, 3, sized), length);
  return scratch.slice(start, at);
}

/** Where values, present and summary of the column written last lie; what the checksum goes over. */
const spans = new Uint32Array(6);

function writeColumn(start: number, { series, values, present, summary }: Column): number {
  reserve(start, values.length + present.length + columnBytesMax);
  // The length stands before the rest, which is written to its right and then moved to it.
  const body = start + 1 + lengthBytesMax;
  let at = body;
  if (series !== 0) at = writeVarint(scratch, tag(at, 1, varint), series);
  at = writeSized(at, 2, values, 0);
  at = writeSized(at, 3, present, 2);
  const summaryStart = tag(at, 4, sized) + 1;
  // Five numbers take at most 40 bytes, so their length is one byte.
  at = writeSummary(scratch, summaryStart, summary, values);
  scratch[summaryStart - 1] = at - summaryStart;
  spans[4] = summaryStart;
  spans[5] = at;
  const length = at - body;
  const moved = writeVarint(scratch, tag(start, 7, sized), length);
  const back = body - moved;
  scratch.copyWithin(moved, body, at);
  for (let index = 0; index < spans.length; index += 1) spans[index] = (spans[index] ?? 0) - back;
  return at - back;
}

function writeSized(start: number, field: number, bytes: Uint8Array, span: number): number {
  let at = start;
  if (bytes.length > 0) at = writeVarint(scratch, tag(at, field, sized), bytes.length);
  spans[span] = at;
  if (bytes.length > 0) at = writeBytes(at, bytes);
  spans[span + 1] = at;
  return at;
}

function checksumOf(before: number): number {
  let checksum = before;
  for (let span = 0; span < spans.length; span += 2) {
    checksum = crc32OfRange(scratch, spans[span] ?? 0, spans[span + 1] ?? 0, checksum);
  }
  return checksum;
}

/** Short strings byte by byte: a call into the engine costs more than they do. */
function writeBytes(start: number, bytes: Uint8Array): number {
  const { length } = bytes;
  if (length > 64) scratch.set(bytes, start);
  else for (let index = 0; index < length; index += 1) scratch[start + index] = bytes[index] ?? 0;
  return start + length;
}

function tag(at: number, field: number, wireType: number): number {
  scratch[at] = (field << 3) | wireType;
  return at + 1;
}

function reserve(at: number, bytes: number): void {
  if (at + bytes <= scratch.length) return;
  const larger = new Uint8Array(Math.max(scratch.length * 2, at + bytes));
  larger.set(scratch);
  scratch = larger;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isUint32(value: number): boolean {
  return value >>> 0 === value;
}

const varint = 0;
const sized = 2;
const fixed32 = 5;
/** Room for the frame's own tag and length, which are known last. */
const frameStart = 16;
/** All of a report but its columns, and the room before it. */
const headBytesMax = 128;
const lengthBytesMax = 5;
/** A column but for values and present: tags, lengths, series and summary. */
const columnBytesMax = 32 + summaryBytesMax;
/** One for all reports: a frame is copied out of it. */
let scratch: Uint8Array<ArrayBuffer> = new Uint8Array(16 * 1024);
