/**
 * Where the reports of each host lie in one segment of the log, in some 40 bytes a report. Reports
 * of one host are chained from its newest to its oldest.
 */
export interface SegmentIndex {
  add(entry: IndexEntry): void;
  /** In the order of the log. */
  ofHost(host: number): readonly IndexEntry[];
  hosts(): Iterable<number>;
  count(): number;
  countOfHost(host: number): number;
}

export interface IndexEntry {
  readonly host: number;
  /** Of the frame in the segment's file. */
  readonly offset: number;
  readonly length: number;
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
  readonly steps: number;
  /** Number of the dictionary within the segment. */
  readonly dictionary: number;
  readonly hasGaps: boolean;
}

export function createSegmentIndex(): SegmentIndex {
  let room = 64;
  let count = 0;
  let hosts = new Uint32Array(room);
  let offsets = new Float64Array(room);
  let lengths = new Uint32Array(room);
  let starts = new Float64Array(room);
  let ends = new Float64Array(room);
  /** Steps × 2, plus 1 where there are gaps. */
  let steps = new Uint32Array(room);
  let dictionaries = new Uint32Array(room);
  let before = new Int32Array(room);
  const newest = new Map<number, number>();
  const counts = new Map<number, number>();

  const grow = (): void => {
    room *= 2;
    hosts = extend(hosts, new Uint32Array(room));
    offsets = extend(offsets, new Float64Array(room));
    lengths = extend(lengths, new Uint32Array(room));
    starts = extend(starts, new Float64Array(room));
    ends = extend(ends, new Float64Array(room));
    steps = extend(steps, new Uint32Array(room));
    dictionaries = extend(dictionaries, new Uint32Array(room));
    before = extend(before, new Int32Array(room));
  };

  const entryAt = (at: number): IndexEntry => ({
    host: hosts[at] ?? 0,
    offset: offsets[at] ?? 0,
    length: lengths[at] ?? 0,
    startMs: starts[at] ?? 0,
    endMs: ends[at] ?? 0,
    steps: (steps[at] ?? 0) >>> 1,
    dictionary: dictionaries[at] ?? 0,
    hasGaps: ((steps[at] ?? 0) & 1) === 1,
  });

  return {
    add(entry) {
      if (count === room) grow();
      hosts[count] = entry.host;
      offsets[count] = entry.offset;
      lengths[count] = entry.length;
      starts[count] = entry.startMs;
      ends[count] = entry.endMs;
      steps[count] = entry.steps * 2 + (entry.hasGaps ? 1 : 0);
      dictionaries[count] = entry.dictionary;
      before[count] = newest.get(entry.host) ?? -1;
      newest.set(entry.host, count);
      counts.set(entry.host, (counts.get(entry.host) ?? 0) + 1);
      count += 1;
    },
    ofHost(host) {
      const entries: IndexEntry[] = [];
      for (let at = newest.get(host) ?? -1; at >= 0; at = before[at] ?? -1) {
        entries.push(entryAt(at));
      }
      return entries.reverse();
    },
    hosts: () => newest.keys(),
    count: () => count,
    countOfHost: (host) => counts.get(host) ?? 0,
  };
}

function extend<Numbers extends Uint32Array | Int32Array | Float64Array>(
  from: Numbers,
  into: Numbers,
): Numbers {
  into.set(from);
  return into;
}
