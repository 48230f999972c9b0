/** Why an erase did not end. `words` says it with the drive's own. */
export interface EraseProblem {
  readonly kind:
    | "refused"
    /** In the drive: no progress; a cold start of the machine may help once. */
    | "sanitize-stuck"
    /** Written by the host: no progress. */
    | "stalled"
    | "failed"
    /** It no longer answers. */
    | "dead";
  readonly words: string;
}

/** LIFECYCLE, numbers: an erase that says nothing new for so long has stalled. */
export const noProgressMs = 15 * 60_000;
/** How often somebody who watches hears of it. */
export const beatMs = 5_000;
