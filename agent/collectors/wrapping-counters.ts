/**
 * Absolute readings of kernel counters in a form that a sink can take.
 *
 * Some kernels keep them in 32 bits: a step back from the upper to the lower quarter of that range
 * is a wrap and goes on; any other step back is handed on as it is, and the sink knows that the
 * counter began anew. Others count bytes beyond what a double holds exactly: readings are given
 * modulo `countersWrapAfter + 1`, which the series declares.
 */
export class WrappingCounters {
  readonly #last: Float64Array;
  readonly #added: Float64Array;

  constructor(count: number) {
    this.#last = new Float64Array(count);
    this.#added = new Float64Array(count);
  }

  /** The reading as if the counter had never wrapped in 32 bits, modulo 2^52. */
  unwrap(index: number, reading: number): number {
    const last = this.#last[index] ?? 0;
    if (reading < last) {
      const wrapped = last < range32 && last >= range32 * 0.75 && reading < range32 * 0.25;
      this.#added[index] = wrapped ? (this.#added[index] ?? 0) + range32 : 0;
    }
    this.#last[index] = reading;
    const whole = reading + (this.#added[index] ?? 0);
    // Nearly never larger, and the remainder of two doubles is a loop of the C library.
    return whole <= countersWrapAfter ? whole : whole % (countersWrapAfter + 1);
  }
}

/** Largest reading given; the next one is 0. */
export const countersWrapAfter = 2 ** 52 - 1;
const range32 = 2 ** 32;
