/**
 * Hands out a set piece by piece, so that what costs an interrupt of each processor is not asked of
 * all of them in the same moment. After `rounds` calls everything was handed out once.
 */
export class Spread<Item> {
  readonly #items: readonly Item[];
  readonly #rounds: number;
  #round = 0;

  constructor(items: readonly Item[], rounds: number) {
    this.#items = items;
    this.#rounds = Math.max(1, rounds);
  }

  /** The items that are due now: every `rounds`-th, beginning one further each time. */
  next(): readonly Item[] {
    const from = this.#round;
    this.#round = (from + 1) % this.#rounds;
    return this.#items.filter((_, index) => index % this.#rounds === from);
  }
}
