import type { Ack } from "#proto/messages/frames.ts";
import { type ByteCursor, readVarint } from "./varints.ts";

/**
 * The acknowledgement that nearly every frame of a manager is: one range and nothing else, in the
 * form that protobufjs writes. An agent reads one for each report, and the general way costs it as
 * much as making the report. null: anything else, which the general way judges.
 */
export function decodePlainAck(bytes: Uint8Array): Ack | null {
  const { length } = bytes;
  if (length < shortest || length > longest) return null;
  const isPlain =
    bytes[0] === ackTag &&
    bytes[1] === length - 2 &&
    bytes[2] === rangesTag &&
    bytes[3] === length - 4 &&
    bytes[4] === firstTag;
  if (!isPlain) return null;
  const cursor: ByteCursor = { bytes, at: 5 };
  const first = readVarint(cursor);
  if (bytes[cursor.at] !== lastTag) return null;
  cursor.at += 1;
  const last = readVarint(cursor);
  // NaN, of bytes that are no number, is not in order either.
  if (!(first >= 1 && last >= first) || cursor.at !== length) return null;
  return { ranges: [{ first, last }], reportIntervalMs: null };
}

/** ManagerFrame.ack, Ack.ranges, SeqRange.first and .last: field number and wire type. */
const ackTag = (2 << 3) | 2;
const rangesTag = (1 << 3) | 2;
const firstTag = 1 << 3;
const lastTag = 2 << 3;
/** Four bytes of tags and lengths, and two numbers of a tag and up to eight bytes. */
const shortest = 8;
const longest = 4 + 2 * 9;
