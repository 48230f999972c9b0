import { type PowerSourceName, powerSources } from "#proto/vocabulary/power-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { absent } from "./absences.ts";
import type { SampleSink, SeriesHandle } from "./collector.ts";

/** One way to know what the whole host draws. */
export interface HostPowerWay {
  /** Stands in the host's state and in the series, so that nobody takes one for another. */
  readonly source: PowerSourceName;
  /** 0: every step. */
  readonly cadenceMs: number;
  /** Milliwatts now; null: not at this step. */
  read(): number | null;
}

/**
 * hw.host.power out of the best way there is, by the order of proto/vocabulary/power-source.ts. Ways
 * mean different things (10 W and more apart): one speaks at a time, and each has a series of its own
 * (`wws.power.source`), so that no figure and no mean ever holds two. A way that falls silent is left
 * for the next one only after `silenceMs`: a missed reading or two make no other figure.
 */
export class HostPower {
  readonly #sink: SampleSink;
  #ways: readonly HostPowerWay[] = [];
  #way: HostPowerWay | null = null;
  #handle: SeriesHandle = -1;
  #spokeAtMs = 0;

  constructor(sink: SampleSink) {
    this.#sink = sink;
  }

  /** The way that speaks now. */
  get source(): PowerSourceName | null {
    return this.#way?.source ?? null;
  }

  /**
   * Takes these ways from now on, in whatever order. A better one than that which speaks takes over at
   * once; the one that speaks stays while it is merely missing, as long as its silence is short.
   */
  choose(ways: readonly HostPowerWay[], atMs: number): PowerSourceName | null {
    const sorted = [...ways].sort((a, b) => rankOf(a.source) - rankOf(b.source));
    const current = this.#way;
    const isMissing = current !== null && !sorted.some(({ source }) => source === current.source);
    const isKept = isMissing && atMs - this.#spokeAtMs < silenceMs(current);
    this.#ways = isKept
      ? [...sorted, current].sort((a, b) => rankOf(a.source) - rankOf(b.source))
      : sorted;
    const best = this.#ways[0] ?? null;
    if (best === null) this.#way = null;
    else if (best.source !== current?.source) this.#take(best, atMs);
    else this.#way = best;
    return this.source;
  }

  /** Puts the figure of this step. `atMs`: monotonic. */
  collect(atMs: number): Absence | null {
    if (this.#way === null) return null;
    const milliwatts = this.#way.read();
    if (milliwatts !== null && isPlausible(milliwatts)) {
      this.#spokeAtMs = atMs;
      this.#sink.set(this.#handle, Math.round(milliwatts / 100));
      return null;
    }
    const said = milliwatts === null ? null : implausible(this.#way.source, milliwatts);
    if (atMs - this.#spokeAtMs < silenceMs(this.#way)) return said;
    return this.#leave(atMs) ?? said;
  }

  /** The best of the others that has a figure takes over; the silent one is asked again later. */
  #leave(atMs: number): Absence | null {
    const silent = this.#way;
    for (const way of this.#ways) {
      if (way === silent) continue;
      const milliwatts = way.read();
      if (milliwatts === null || !isPlausible(milliwatts)) continue;
      this.#take(way, atMs);
      this.#sink.set(this.#handle, Math.round(milliwatts / 100));
      break;
    }
    return absent({
      what: "hw.host.power",
      attributes: silent === null ? {} : { "wws.power.source": silent.source },
      reason: "read-failed",
      detail: `${silent?.source} has given no figure for ${silenceMs(silent) / 1000} s`,
    });
  }

  #take(way: HostPowerWay, atMs: number): void {
    this.#way = way;
    this.#spokeAtMs = atMs;
    this.#handle = this.#sink.declare({
      metric: "hw.host.power",
      attributes: { "wws.power.source": way.source },
      exponent: -1,
      ...(way.cadenceMs > 0 ? { cadenceMs: way.cadenceMs } : {}),
    });
  }
}

/** How long a source may say nothing before another takes over: a minute, or three of its readings. */
export function silenceMs(way: Pick<HostPowerWay, "cadenceMs"> | null): number {
  return Math.max(60_000, 3 * (way?.cadenceMs ?? 0));
}

function rankOf(source: PowerSourceName): number {
  return ranks.indexOf(source);
}

const ranks = Object.keys(powerSources) as readonly PowerSourceName[];

function isPlausible(milliwatts: number): boolean {
  return milliwatts >= hostMilliwattsMin && milliwatts <= hostMilliwattsMax;
}

function implausible(source: string, milliwatts: number): Absence {
  return absent({
    what: "hw.host.power",
    attributes: { "wws.power.source": source },
    reason: "implausible",
    detail: `${source} says ${milliwatts} mW, outside ${hostMilliwattsMin} to ${hostMilliwattsMax}`,
  });
}

/** A host that runs this draws something: a meter or counter that stands still is broken. */
const hostMilliwattsMin = 100;
const hostMilliwattsMax = 30_000_000;
