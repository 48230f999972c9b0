import { toWireText } from "#proto/vocabulary/wire-text.ts";

/** A disk that several paths lead to. */
export interface MultipathDisk {
  /** WWID of the disk. */
  readonly id: string;
  /** mpatha, or the WWID again. */
  readonly name: string;
  readonly active: number;
  readonly failed: number;
}

/**
 * Reads `multipath -l` and `-ll`: a line for each disk, below it its path groups and paths
 * (`|- 1:0:0:0 sdb 8:16 active ready running`). What counts is the device mapper's own state of a
 * path, active or failed; `-l` does no I/O to find out more.
 */
export function parseMultipath(text: string): readonly MultipathDisk[] {
  const disks: { id: string; name: string; active: number; failed: number }[] = [];
  for (const line of text.split("\n", linesMax)) {
    const short = line.slice(0, lineCharactersMax);
    const head = /^(?:[a-z]{2,12}: )?(\S{1,128})(?: \(([\w.:-]{1,128})\))? dm-\d{1,6}\b/.exec(
      short,
    );
    if (head?.[1] !== undefined) {
      if (disks.length < disksMax)
        disks.push({
          id: toWireText(head[2] ?? head[1]),
          name: toWireText(head[1]),
          active: 0,
          failed: 0,
        });
      continue;
    }
    const disk = disks.at(-1);
    const path =
      /^[\s|`-]{1,16}(?:[\d#]{1,10}:){2,3}[\d#]{1,10}\s+\S{1,64}\s+\S{1,16}\s+(active|failed)\b/.exec(
        short,
      );
    if (disk === undefined || path === null) continue;
    if (path[1] === "active") disk.active += 1;
    else disk.failed += 1;
  }
  return disks;
}

const linesMax = 100_000;
const lineCharactersMax = 512;
const disksMax = 1_024;
