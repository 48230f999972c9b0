/** What hosts of one rack drew at one moment. */
export interface RackDraw {
  /** Sum over the hosts that were measured. */
  readonly watts: number;
  readonly measured: number;
  /** All that stand there. */
  readonly hosts: number;
  readonly sources: readonly string[];
}

export interface PowerWindow {
  readonly fromMs: number;
  readonly toMs: number;
  /** Moments of the window at which the racks were looked at. */
  readonly seenMinutes: number;
  readonly minutes: number;
  /** Host-minutes measured, of those that the window has, 0 to 1. */
  readonly coverage: number;
  /** Of the sums over all racks asked for, one a minute; null: none was seen. */
  readonly meanWatts: number | null;
  /** Nearest rank. */
  readonly p95Watts: number | null;
  readonly maxWatts: number | null;
  /** Instruments that took part at any moment. */
  readonly sources: readonly string[];
}

/** The last day of every rack's draw, one sum a minute; as large as racks × minutes × 12 bytes. */
export interface PowerHistory {
  note(atMs: number, racks: ReadonlyMap<string, RackDraw>): void;
  /**
   * Of several racks together, each with the share of its draw that counts: every minute is added
   * first, then looked at.
   */
  window(
    shares: ReadonlyMap<string, number>,
    span: { readonly toMs: number; readonly spanMs: number },
  ): PowerWindow;
  /** Since when anything is kept; null: nothing is. */
  earliestMs(): number | null;
}

export const minuteMs = 60_000;
export const keptMinutesUsual = 24 * 60;

interface Track {
  readonly watts: Float64Array;
  readonly measured: Uint16Array;
  readonly hosts: Uint16Array;
  /** Bits by place in `sourceNames`. */
  readonly sources: Uint32Array;
}

/** More instruments than bits are told as one. */
const sourcesMax = 31;

export function createPowerHistory(keptMinutes = keptMinutesUsual): PowerHistory {
  const tracks = new Map<string, Track>();
  /** Which minute each place of the ring holds; 0: none. */
  const minuteAt = new Float64Array(keptMinutes);
  const sourceNames: string[] = [];
  let first: number | null = null;

  const bitOf = (source: string): number => {
    const at = sourceNames.indexOf(source);
    if (at >= 0) return 1 << at;
    if (sourceNames.length >= sourcesMax) return 1 << (sourcesMax - 1);
    sourceNames.push(source);
    return 1 << (sourceNames.length - 1);
  };
  const trackOf = (rack: string): Track => {
    const known = tracks.get(rack);
    if (known !== undefined) return known;
    const track: Track = {
      watts: new Float64Array(keptMinutes),
      measured: new Uint16Array(keptMinutes),
      hosts: new Uint16Array(keptMinutes),
      sources: new Uint32Array(keptMinutes),
    };
    tracks.set(rack, track);
    return track;
  };

  return {
    note(atMs, racks) {
      const minute = Math.floor(atMs / minuteMs);
      const at = minute % keptMinutes;
      first ??= minute;
      minuteAt[at] = minute;
      for (const [rack, track] of tracks) {
        if (racks.has(rack)) continue;
        track.hosts[at] = 0;
        track.measured[at] = 0;
        track.watts[at] = 0;
        track.sources[at] = 0;
      }
      for (const [rack, draw] of racks) {
        const track = trackOf(rack);
        track.watts[at] = draw.watts;
        track.measured[at] = draw.measured;
        track.hosts[at] = draw.hosts;
        track.sources[at] = draw.sources.reduce((bits, source) => bits | bitOf(source), 0);
      }
      forgetIdle(tracks, racks, at);
    },
    window(shares, { toMs, spanMs }) {
      const last = Math.floor(toMs / minuteMs);
      const minutes = Math.min(keptMinutes, Math.max(1, Math.round(spanMs / minuteMs)));
      const wanted = [...shares].flatMap(([rack, share]) => {
        const track = tracks.get(rack);
        return track === undefined ? [] : [{ track, share }];
      });
      const sums: number[] = [];
      let [measured, hosts, seen, bits] = [0, 0, 0, 0];
      for (let minute = last - minutes + 1; minute <= last; minute += 1) {
        const at = ((minute % keptMinutes) + keptMinutes) % keptMinutes;
        if (minuteAt[at] !== minute) continue;
        seen += 1;
        let [watts, here] = [0, 0];
        for (const { track, share } of wanted) {
          watts += (track.watts[at] ?? 0) * share;
          here += track.measured[at] ?? 0;
          hosts += track.hosts[at] ?? 0;
          bits |= track.sources[at] ?? 0;
        }
        measured += here;
        if (here > 0) sums.push(watts);
      }
      sums.sort((left, right) => left - right);
      return {
        fromMs: (last - minutes + 1) * minuteMs,
        toMs: (last + 1) * minuteMs,
        seenMinutes: seen,
        minutes,
        // Minutes that nobody looked at had as many hosts as those that somebody did.
        coverage: hosts === 0 ? 0 : (measured / hosts) * (seen / minutes),
        meanWatts: sums.length === 0 ? null : sums.reduce((a, b) => a + b, 0) / sums.length,
        p95Watts: sums[Math.ceil(sums.length * 0.95) - 1] ?? null,
        maxWatts: sums.at(-1) ?? null,
        sources: sourceNames.filter((_name, at) => (bits & (1 << at)) !== 0),
      };
    },
    earliestMs: () => {
      if (first === null) return null;
      const kept = [...minuteAt].filter((minute) => minute > 0);
      return Math.min(...kept) * minuteMs;
    },
  };
}

/** A rack that is no more, and whose last minute has run out of the ring, gives its room back. */
function forgetIdle(
  tracks: Map<string, Track>,
  racks: ReadonlyMap<string, RackDraw>,
  at: number,
): void {
  // Once in a turn of the ring is enough.
  if (at !== 0) return;
  for (const [rack, track] of tracks)
    if (!racks.has(rack) && track.hosts.every((count) => count === 0)) tracks.delete(rack);
}
