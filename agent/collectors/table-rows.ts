import { type IntegerScanner, wordBytes } from "./integer-scanner.ts";

/**
 * Which of our things each row of a kernel table is about. Rows keep their order from read to read,
 * so the name is compared with the one that stood there last time and looked up only when it changed.
 */
export class TableRows {
  readonly #indexOf: ReadonlyMap<string, number>;
  #names: Uint8Array[] = [];
  #indexes: number[] = [];

  /** `names`: those wanted; their places are the indexes that `find` answers. */
  constructor(names: readonly string[]) {
    this.#indexOf = new Map(names.map((name, index) => [name, index]));
  }

  /**
   * The scanner stands at a name of `length` bytes in row `row`: its index, or -1 where nobody
   * asked for it. Moves behind the name.
   */
  find(scanner: IntegerScanner, row: number, length: number): number {
    const expected = this.#names[row];
    if (expected !== undefined && expected.length === length && scanner.take(expected))
      return this.#indexes[row] ?? -1;
    const name = scanner.text(length);
    const index = this.#indexOf.get(name) ?? -1;
    this.#names[row] = wordBytes(name);
    this.#indexes[row] = index;
    scanner.position += length;
    return index;
  }
}
