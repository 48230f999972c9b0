/** Something in a file, or between a file and the inventory, for which nothing of it is written. */
export interface EstateProblem {
  readonly code: EstateProblemCode;
  readonly file: string;
  /** `line 12`, `hosts[3]`; null: the file as a whole. */
  readonly at: string | null;
  readonly column: string | null;
  /** What is wrong, one sentence. */
  readonly words: string;
  /** What to do about it. */
  readonly todo: string;
}

/** Worth knowing; stops nothing. */
export interface EstateNote {
  readonly at: string | null;
  readonly words: string;
}

export const estateProblemCodes = [
  "file-unreadable",
  "file-too-large",
  "column-unknown",
  "column-missing",
  "value-invalid",
  "value-missing",
  "unit-overlap",
  "half-depth",
  "serial-twice",
  "serial-taken",
  "serial-differs",
  "name-twice",
  "name-taken",
  "mac-twice",
  "mac-taken",
  "id-unknown",
  "id-twice",
  "host-retired",
  "phase-not-importable",
  "site-elsewhere",
  "site-foreign",
  "region-unknown",
  "rack-twice",
  "rack-too-low",
  "feed-over-budget",
  "role-unchosen",
  "moved",
] as const;
export type EstateProblemCode = (typeof estateProblemCodes)[number];

/** More than these are counted, not told: a file in the wrong form has as many as rows. */
export const problemsToldMax = 200;
const notesMax = 200;
/** Of what stood in the file; it may be anything. */
const quotedMax = 60;

/** Collects what is wrong with one file. */
export class ProblemList {
  readonly #file: string;
  readonly #problems: EstateProblem[] = [];
  readonly #notes: EstateNote[] = [];
  #leftOut = 0;

  constructor(file: string) {
    this.#file = file;
  }

  add(
    code: EstateProblemCode,
    at: string | null,
    column: string | null,
    words: string,
    todo: string,
  ): undefined {
    if (this.#problems.length >= problemsToldMax) this.#leftOut += 1;
    else this.#problems.push({ code, file: this.#file, at, column, words, todo });
    return undefined;
  }

  note(at: string | null, words: string): void {
    if (this.#notes.length < notesMax) this.#notes.push({ at, words });
  }

  get problems(): readonly EstateProblem[] {
    return this.#problems;
  }

  get leftOut(): number {
    return this.#leftOut;
  }

  get notes(): readonly EstateNote[] {
    return this.#notes;
  }

  get count(): number {
    return this.#problems.length + this.#leftOut;
  }
}

/** Text of the file in a sentence: short, and without what acts on a terminal. */
export function quoted(text: string): string {
  const shown = text.slice(0, quotedMax).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "�");
  return text.length > quotedMax ? `"${shown}…"` : `"${shown}"`;
}
