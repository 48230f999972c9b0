import type { KnownDictionary } from "./dictionaries.ts";
import { createSegmentIndex, type SegmentIndex } from "./segment-index.ts";

/** One file of the log, with what is known of its contents. */
export interface Segment {
  readonly number: number;
  readonly name: string;
  readonly createdMs: number;
  /** The CRCs of its frames begin with this. */
  readonly salt: number;
  readonly index: SegmentIndex;
  /** In the order of their first use here; the index names them by place. */
  readonly dictionaries: KnownDictionary[];
  readonly dictionaryNumbers: Map<KnownDictionary, number>;
  /** Bytes that are whole and on disk. */
  durableBytes: number;
  newestReceivedMs: number;
}

export interface NewSegment {
  readonly number: number;
  readonly createdMs: number;
  readonly salt: number;
}

export function createSegment({ number, createdMs, salt }: NewSegment): Segment {
  return {
    number,
    name: segmentName(number),
    createdMs,
    salt,
    index: createSegmentIndex(),
    dictionaries: [],
    dictionaryNumbers: new Map(),
    durableBytes: 0,
    newestReceivedMs: 0,
  };
}

export function numberDictionary(segment: Segment, dictionary: KnownDictionary): number {
  const known = segment.dictionaryNumbers.get(dictionary);
  if (known !== undefined) return known;
  const number = segment.dictionaries.push(dictionary) - 1;
  segment.dictionaryNumbers.set(dictionary, number);
  return number;
}

export function segmentName(number: number): string {
  return `log-${String(number).padStart(10, "0")}.seg`;
}

/** undefined: the name of something else. */
export function parseSegmentName(name: string): number | undefined {
  const digits = /^log-([0-9]{10})\.seg$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
