/**
 * How the recordings of one kind are read by the product's own parsers, for facts.test.ts. Each
 * file of readers/ exports `readers`. `read` gives plain data: facts point into it by dotted paths.
 */
export interface RecordingReader {
  /** Names as PROVENANCE.json has them; exactly one reader matches each. */
  readonly matches: RegExp;
  /** Never throws, whatever the recording holds. */
  read(name: string): unknown;
}

/** What a person read in one recording, before the parser was written: facts/KIND/NAME.json. */
export interface RecordedFacts {
  readonly recording: string;
  readonly facts: readonly RecordedFact[];
}

export interface RecordedFact {
  /** In a tree: the file that shows it, from the recording's folder. */
  readonly file?: string;
  /** Line of the file, from 1, and a part of it: the proof. */
  readonly line: number;
  readonly shows: string;
  /** Where the reader's answer has it: `disk.powerOnHours`, `rows.4.value`, `byId.85h@10\\.1.works`. */
  readonly path: string;
  readonly is: unknown;
}
