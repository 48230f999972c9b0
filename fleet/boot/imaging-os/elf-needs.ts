/** What a program of Linux on x86-64 needs to start. */
export interface ElfNeeds {
  /** Its loader, `/lib64/ld-linux-x86-64.so.2`; null: a library, or linked statically. */
  readonly loader: string | null;
  /** Names of shared libraries, in order. */
  readonly libraries: readonly string[];
  /** First byte behind everything that is loaded: the rest is for debuggers and linkers. */
  readonly loadedBytes: number;
}

const headBytes = 64;
const segment = { load: 1, dynamic: 2, loader: 3 } as const;
const tag = { end: 0, needed: 1, textTable: 5 } as const;
const segmentsMax = 64;
const entriesMax = 512;
const nameBytesMax = 256;

/** Reads an ELF file of 64 bits, little end first; null: it is none. Throws one that is damaged. */
export function readElfNeeds(bytes: Uint8Array): ElfNeeds | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < headBytes || view.readUInt32BE(0) !== 0x7f454c46) return null;
  if (view[4] !== 2 || view[5] !== 1) return null;
  const segments = readSegments(view);
  const loaderAt = segments.find(({ kind }) => kind === segment.loader);
  const dynamic = segments.find(({ kind }) => kind === segment.dynamic);
  const ends = segments.map(({ offset, fileBytes }) => offset + fileBytes);
  return {
    loader: loaderAt === undefined ? null : textAt(view, loaderAt.offset),
    libraries: dynamic === undefined ? [] : readLibraries(view, segments, dynamic),
    loadedBytes: Math.max(headBytes, ...ends),
  };
}

/**
 * The program without what is only for debuggers: cut behind what is loaded, and told so in its head.
 * Node 24 loses a sixth of its size. Anything but an ELF file is given back as it is.
 */
export function withoutSections(bytes: Uint8Array): Uint8Array {
  const needs = readElfNeeds(bytes);
  if (needs === null) return bytes;
  const cut = Buffer.from(bytes.slice(0, needs.loadedBytes));
  cut.writeBigUInt64LE(0n, 40); // e_shoff
  cut.writeUInt16LE(0, 60); // e_shnum
  cut.writeUInt16LE(0, 62); // e_shstrndx
  return cut;
}

interface Segment {
  readonly kind: number;
  readonly offset: number;
  readonly address: number;
  readonly fileBytes: number;
}

function readSegments(view: Buffer): readonly Segment[] {
  const from = Number(view.readBigUInt64LE(32));
  const entryBytes = view.readUInt16LE(54);
  const count = view.readUInt16LE(56);
  if (count > segmentsMax || entryBytes < 56 || from + count * entryBytes > view.length)
    throw new Error("an ELF file whose table of segments is not in it");
  return Array.from({ length: count }, (_, index) => {
    const at = from + index * entryBytes;
    const one = {
      kind: view.readUInt32LE(at),
      offset: Number(view.readBigUInt64LE(at + 8)),
      address: Number(view.readBigUInt64LE(at + 16)),
      fileBytes: Number(view.readBigUInt64LE(at + 32)),
    };
    if (one.offset + one.fileBytes > view.length)
      throw new Error("an ELF file that ends before its segments do");
    return one;
  });
}

function readLibraries(
  view: Buffer,
  segments: readonly Segment[],
  dynamic: Segment,
): readonly string[] {
  const offsets: number[] = [];
  let textTable: number | null = null;
  for (let index = 0; index < entriesMax; index += 1) {
    const at = dynamic.offset + index * 16;
    if (at + 16 > dynamic.offset + dynamic.fileBytes) break;
    const kind = Number(view.readBigInt64LE(at));
    const value = Number(view.readBigUInt64LE(at + 8));
    if (kind === tag.end) break;
    if (kind === tag.needed) offsets.push(value);
    if (kind === tag.textTable) textTable = value;
  }
  if (offsets.length === 0) return [];
  const address = textTable;
  const holder = segments.find(
    (one) =>
      address !== null &&
      one.kind === segment.load &&
      address >= one.address &&
      address < one.address + one.fileBytes,
  );
  if (holder === undefined || address === null)
    throw new Error("an ELF file whose table of names is not loaded");
  const tableAt = holder.offset + (address - holder.address);
  return offsets.map((offset) => textAt(view, tableAt + offset));
}

function textAt(view: Buffer, at: number): string {
  const end = view.indexOf(0, at);
  if (at < 0 || end < 0 || end - at > nameBytesMax)
    throw new Error("an ELF file with a name that does not end");
  return view.toString("latin1", at, end);
}
