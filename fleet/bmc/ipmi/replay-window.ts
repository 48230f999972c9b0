const windowSize = 32;

/** Takes each sequence number once, and none that is far behind the highest (IPMI 2.0, 6.12.13). */
export class ReplayWindow {
  #highest: number | null = null;
  /** Bit n: highest − n was seen. */
  #seen = 0;

  take(sequence: number): boolean {
    if (sequence === 0) return false;
    if (this.#highest === null) {
      this.#highest = sequence;
      this.#seen = 1;
      return true;
    }
    const ahead = sequence - this.#highest;
    if (ahead > 0) {
      if (ahead > windowSize) return false;
      this.#seen = ahead === windowSize ? 1 : ((this.#seen << ahead) | 1) >>> 0;
      this.#highest = sequence;
      return true;
    }
    const bit = -ahead;
    if (bit >= windowSize || ((this.#seen >>> bit) & 1) === 1) return false;
    this.#seen = (this.#seen | (1 << bit)) >>> 0;
    return true;
  }
}
