import { constants, crc32, type ZstdOptions, zstdCompress, zstdDecompress } from "node:zlib";
import { CorruptBytes } from "./byte-reader.ts";

/** A piece of a block as it lies in the file. */
export interface StoredChunk {
  readonly bytes: Uint8Array;
  readonly crc: number;
  /** Before compression; 0: it was not compressed, for it would not have become smaller. */
  readonly rawBytes: number;
}

/** Compresses off the event loop. `raw` may be reused afterwards. */
export async function compressChunk(raw: Uint8Array): Promise<StoredChunk> {
  const packed = await compress(raw, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  const bytes = packed.length < raw.length ? packed : raw.slice();
  return { bytes, crc: crc32(bytes), rawBytes: bytes === packed ? raw.length : 0 };
}

/** The piece as it was before. Throws CorruptBytes. */
export async function openChunk({ bytes, crc, rawBytes }: StoredChunk): Promise<Uint8Array> {
  if (crc32(bytes) !== crc) throw new CorruptBytes("a chunk's checksum is wrong");
  if (rawBytes === 0) return bytes;
  return decompress(bytes, { maxOutputLength: rawBytes });
}

function compress(raw: Uint8Array, options: ZstdOptions): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    zstdCompress(raw, options, (error, packed) => (error ? reject(error) : resolve(packed)));
  });
}

function decompress(packed: Uint8Array, options: ZstdOptions): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    zstdDecompress(packed, options, (error, raw) => (error ? reject(error) : resolve(raw)));
  });
}
