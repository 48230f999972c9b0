/**
 * Counters that some kernels keep in 32 bits. A step back from the upper half to the lower half of
 * the range is a wrap and goes on; any other step back is handed on as it is (the sink then knows
 * that the counter began anew).
 */
export class WrappingCounters {
  readonly #last: Float64Array;
  readonly #added: Float64Array;

  constructor(count: number) {
    this.#last = new Float64Array(count);
    this.#added = new Float64Array(count);
  }

  /** The reading as if the counter had never wrapped. */
  unwrap(index: number, reading: number): number {
    const last = this.#last[index] ?? 0;
    if (reading < last) {
      const wrapped = last < range && last >= range * 0.75 && reading < range * 0.25;
      this.#added[index] = wrapped ? (this.#added[index] ?? 0) + range : 0;
    }
    this.#last[index] = reading;
    return reading + (this.#added[index] ?? 0);
  }
}

const range = 2 ** 32;
