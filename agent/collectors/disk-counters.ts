import type { IntegerScanner } from "./integer-scanner.ts";
import { TableRows } from "./table-rows.ts";

/** The columns kept, with their places among the numbers behind the name in /proc/diskstats. */
export const diskColumns = [
  { name: "reads", place: 0 },
  { name: "sectorsRead", place: 2 },
  { name: "readMs", place: 3 },
  { name: "writes", place: 4 },
  { name: "sectorsWritten", place: 6 },
  { name: "writeMs", place: 7 },
  { name: "ioMs", place: 9 },
] as const;
export const diskColumnCount = diskColumns.length;

/**
 * Counters of whole disks out of /proc/diskstats. Lines have 14, 18 (discards) or 20 (flushes)
 * columns, and may get more: those behind the eleventh number are not looked at. A disk of several
 * rows (NVMe multipath) is their sum.
 */
export class DiskCounters {
  readonly #rows: TableRows;
  readonly #diskOfRow: readonly number[];
  readonly #rowCounts: readonly number[];
  readonly #readings: Float64Array;
  readonly #seenRows: Uint8Array;

  /** `rows[disk]`: the names in /proc/diskstats that make up the disk. */
  constructor(rows: readonly (readonly string[])[]) {
    this.#rows = new TableRows(rows.flat());
    this.#diskOfRow = rows.flatMap((names, disk) => names.map(() => disk));
    this.#rowCounts = rows.map((names) => names.length);
    this.#readings = new Float64Array(rows.length * diskColumnCount);
    this.#seenRows = new Uint8Array(rows.length);
  }

  /** True where every row of the disk stood in the last text. */
  seen(disk: number): boolean {
    return this.#seenRows[disk] === this.#rowCounts[disk];
  }

  /** In the file's own unit: operations, sectors of 512 bytes, milliseconds. */
  reading(disk: number, column: number): number {
    return this.#readings[disk * diskColumnCount + column] ?? 0;
  }

  parse(scanner: IntegerScanner, bytes: Uint8Array): void {
    this.#readings.fill(0);
    this.#seenRows.fill(0);
    scanner.reset(bytes);
    for (let row = 0; !scanner.atEnd(); row += 1) {
      // Major and minor number stand before the name.
      if (scanner.integer() >= 0 && scanner.integer() >= 0) {
        scanner.skipBlanks();
        const found = this.#rows.find(scanner, row, scanner.wordLength());
        const disk = this.#diskOfRow[found];
        if (disk !== undefined) this.#parseNumbers(scanner, disk);
      }
      scanner.skipLine();
    }
  }

  #parseNumbers(scanner: IntegerScanner, disk: number): void {
    // A short line is not half a disk: it counts as not seen.
    if (scanner.integers(numbers, 0, placesMin) < placesMin) return;
    const base = disk * diskColumnCount;
    const readings = this.#readings;
    for (let column = 0; column < diskColumnCount; column += 1) {
      const value = numbers[placeOfColumn[column] ?? 0] ?? 0;
      readings[base + column] = (readings[base + column] ?? 0) + value;
    }
    this.#seenRows[disk] = (this.#seenRows[disk] ?? 0) + 1;
  }
}

/** Numbers behind the name that every kernel since 2.6.25 gives for a whole disk. */
const placesMin = 11;
const placeOfColumn = diskColumns.map(({ place }) => place);
/** Of the row that is read; one for all. */
const numbers = new Float64Array(placesMin);
