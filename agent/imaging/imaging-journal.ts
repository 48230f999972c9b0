import type { EraseMethod } from "./erase-method.ts";
import type { VerifyReport } from "./verify-erase.ts";

/**
 * What was done of one order, noted before it is done. It lies where a power cut of this machine does
 * not reach it: the imaging OS itself has no disk. The newest note of a part counts.
 */
export interface ImagingJournal {
  /** null: nothing of this order was ever noted. */
  read(tokenId: string): Promise<ImagingNotes | null>;
  /** Resolves when it is kept; nothing is done before. */
  note(tokenId: string, note: ImagingNote): Promise<void>;
}

export type ImagingNote =
  | { readonly part: "order"; readonly markSeed: string }
  | { readonly part: "disk"; readonly key: string; readonly disk: DiskNote }
  | {
      readonly part: "image";
      readonly state: "writing" | "written" | "seeding" | "done";
    };

export interface DiskNote {
  readonly state: "marking" | "marked" | "erasing" | "erased" | "verified";
  /** Digests of the samples before anything was written, in the order of their places. */
  readonly digests: readonly string[];
  readonly method: EraseMethod | null;
  /** Erases that were begun. */
  readonly attempt: number;
  /** Of an overwrite: below lies zeros on the medium. */
  readonly doneBytes: number;
  readonly report: VerifyReport | null;
}

export interface ImagingNotes {
  readonly markSeed: string;
  readonly disks: ReadonlyMap<string, DiskNote>;
  readonly image: "writing" | "written" | "seeding" | "done" | null;
}
