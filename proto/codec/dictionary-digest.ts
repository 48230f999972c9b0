import { createHash } from "node:crypto";
import type { Series } from "#proto/messages/series.ts";
import type { DictionaryDigest } from "#proto/vocabulary/ids.ts";
import { seriesToWire } from "./dictionary-fields.ts";
import { FieldWalker, wireType } from "./field-walker.ts";
import { fromHex, toHex } from "./hex.ts";
import { schema } from "./schema.ts";

const digestBytes = 16;
const seriesField = 2;

/**
 * Name of a dictionary: the first 16 bytes, in hex, of the SHA-256 over its entries as they stand
 * in the message, each with tag and length; that is, over an encoded Dictionary without its digest.
 */
export function dictionaryDigest(series: readonly Series[]): DictionaryDigest {
  const entries = schema.Dictionary.encode({ series: series.map(seriesToWire) }).finish();
  return createHash("sha256")
    .update(entries)
    .digest("hex")
    .slice(0, digestBytes * 2) as DictionaryDigest;
}

/**
 * The same over the bytes of a Dictionary that came from a peer, so that entries of a newer agent
 * count with the fields that this release does not know. Throws WireError on bytes that are not
 * protobuf.
 */
export function digestOfEncoded(bytes: Uint8Array, start: number, end: number): DictionaryDigest {
  const hash = createHash("sha256");
  const walker = new FieldWalker(bytes, start, end, "dictionary");
  // Entries lie side by side: hash them in one piece.
  let from = start;
  let to = start;
  while (walker.next()) {
    if (walker.field !== seriesField || walker.type !== wireType.bytes) continue;
    if (walker.start !== to) {
      hash.update(bytes.subarray(from, to));
      from = walker.start;
    }
    to = walker.valueEnd;
  }
  hash.update(bytes.subarray(from, to));
  return hash.digest("hex").slice(0, digestBytes * 2) as DictionaryDigest;
}

export function digestToWire(digest: DictionaryDigest): Uint8Array {
  return fromHex(digest);
}

/** undefined when it is not 16 bytes. */
export function digestFromWire(bytes: Uint8Array | null | undefined): DictionaryDigest | undefined {
  return bytes?.length === digestBytes ? (toHex(bytes) as DictionaryDigest) : undefined;
}
