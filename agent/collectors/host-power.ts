import type { Absence } from "#proto/messages/state.ts";
import { absent } from "./absences.ts";
import type { SampleSink, SeriesHandle } from "./collector.ts";

/** One way to know what the whole host draws. */
export interface HostPowerWay {
  /** Stands in the host's state, so that nobody takes one for another. */
  readonly source: string;
  /** 0: every step. */
  readonly cadenceMs: number;
  /** Milliwatts now; null: not at this step. */
  read(): number | null;
}

/**
 * hw.host.power out of the best way there is. Ways mean different things (10 W and more apart), so
 * one is chosen at discovery and they are never mixed; the series goes on only while the way stays.
 */
export class HostPower {
  readonly #sink: SampleSink;
  #way: HostPowerWay | null = null;
  #handle: SeriesHandle = -1;

  constructor(sink: SampleSink) {
    this.#sink = sink;
  }

  /** `ways` in order of preference. */
  choose(ways: readonly HostPowerWay[]): string | null {
    this.#way = ways[0] ?? null;
    if (this.#way === null) return null;
    const { cadenceMs } = this.#way;
    const cadence = cadenceMs > 0 ? { cadenceMs } : {};
    this.#handle = this.#sink.declare({
      metric: "hw.host.power",
      attributes: {},
      exponent: -1,
      ...cadence,
    });
    return this.#way.source;
  }

  collect(): Absence | null {
    if (this.#way === null) return null;
    const milliwatts = this.#way.read();
    if (milliwatts === null) return null;
    if (milliwatts >= hostMilliwattsMin && milliwatts <= hostMilliwattsMax) {
      this.#sink.set(this.#handle, Math.round(milliwatts / 100));
      return null;
    }
    return absent({
      what: "hw.host.power",
      reason: "implausible",
      detail: `${this.#way.source} says ${milliwatts} mW, outside ${hostMilliwattsMin} to ${hostMilliwattsMax}`,
    });
  }
}

/** A host that runs this draws something: a meter or counter that stands still is broken. */
const hostMilliwattsMin = 100;
const hostMilliwattsMax = 30_000_000;
