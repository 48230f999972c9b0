import type { Brand } from "#proto/vocabulary/brand.ts";
import type { ByteCursor } from "#proto/codec/varints.ts";
import { takeBytes, takeVarint } from "./byte-reader.ts";
import { type ByteWriter, putByte, putBytes, putVarint, reserveBytes } from "./byte-writer.ts";

/**
 * Ids in files: a dashed UUID takes 17 bytes, 32 hex digits (a digest) take 17, anything else its
 * length and text. First byte: 0 UUID, 1 digest, n ≥ 2 text of n − 2 bytes.
 */
export function putId(writer: ByteWriter, id: string): void {
  const form = formOf(id);
  if (form === "text") {
    const bytes = new TextEncoder().encode(id);
    putVarint(writer, bytes.length + 2);
    putBytes(writer, bytes);
    return;
  }
  putByte(writer, form === "uuid" ? 0 : 1);
  reserveBytes(writer, 16);
  const { bytes } = writer;
  let at = writer.at;
  for (let index = 0; index < id.length; index += 2) {
    if (id.charCodeAt(index) === dash) index += 1;
    bytes[at] = (digitOf(id.charCodeAt(index)) << 4) | digitOf(id.charCodeAt(index + 1));
    at += 1;
  }
  writer.at = at;
}

/** The caller knows which kind of id stands here. */
export function takeId<Id extends Brand<string, string>>(cursor: ByteCursor): Id {
  const form = takeVarint(cursor);
  if (form >= 2) return new TextDecoder().decode(takeBytes(cursor, form - 2)) as Id;
  let hex = "";
  for (const byte of takeBytes(cursor, 16)) hex += byte.toString(16).padStart(2, "0");
  if (form === 1) return hex as Id;
  const cuts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return `${cuts.join("-")}-${hex.slice(20)}` as Id;
}

const dash = 45;
const dashedAt = [8, 13, 18, 23];

function formOf(id: string): "uuid" | "digest" | "text" {
  const isDashed = id.length === 36;
  if (!isDashed && id.length !== 32) return "text";
  for (let index = 0; index < id.length; index += 1) {
    const code = id.charCodeAt(index);
    const isDigit = digitOf(code) >= 0;
    if (isDashed && dashedAt.includes(index) ? code !== dash : !isDigit) return "text";
  }
  return isDashed ? "uuid" : "digest";
}

/** −1 for what is no lower-case hex digit. */
function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}
