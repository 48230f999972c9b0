/**
 * One parser under the fuzzer. Each file of targets/ exports `targets`. `npm test` mutates our own
 * samples, 1,000 times each; `npm run test:recordings` and `npm run soak` the recordings too.
 */
export interface FuzzTarget {
  /** The parser's own name. */
  readonly name: string;
  /** Texts of ours: from hardware-fixtures, from our guests, or written by hand. At least one. */
  samples(): readonly string[];
  /** Recordings whose text it reads; null: none is. */
  readonly recordings: RegExp | null;
  /** Parses. May throw only errors of the classes in `throws`. Its answer is plain data. */
  parse(text: string): unknown;
  readonly throws?: readonly (abstract new (...args: never[]) => Error)[];
}
