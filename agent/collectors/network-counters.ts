import { IntegerScanner } from "./integer-scanner.ts";
import { TableRows } from "./table-rows.ts";

/** The columns kept of /proc/net/dev, with their places among the 16 numbers behind the name. */
export const networkColumns = [
  { name: "receivedBytes", place: 0 },
  { name: "receivedPackets", place: 1 },
  { name: "receiveErrors", place: 2 },
  { name: "receiveDropped", place: 3 },
  { name: "sentBytes", place: 8 },
  { name: "sentPackets", place: 9 },
  { name: "sendErrors", place: 10 },
  { name: "sendDropped", place: 11 },
] as const;
export const networkColumnCount = networkColumns.length;

/**
 * Counters of chosen interfaces out of /proc/net/dev: two lines of headings, then
 * `  eth0: 1 2 …`, where old kernels leave no blank behind the colon.
 */
export class NetworkCounters {
  readonly #rows: TableRows;
  readonly #readings: Float64Array;
  readonly #seen: Uint8Array;

  constructor(names: readonly string[]) {
    this.#rows = new TableRows(names);
    this.#readings = new Float64Array(names.length * networkColumnCount);
    this.#seen = new Uint8Array(names.length);
  }

  seen(index: number): boolean {
    return this.#seen[index] === 1;
  }

  reading(index: number, column: number): number {
    return this.#readings[index * networkColumnCount + column] ?? 0;
  }

  parse(scanner: IntegerScanner, bytes: Uint8Array): void {
    this.#seen.fill(0);
    scanner.reset(bytes);
    scanner.skipLine();
    scanner.skipLine();
    for (let row = 0; !scanner.atEnd(); row += 1) {
      scanner.skipBlanks();
      const index = this.#rows.find(scanner, row, scanner.wordLength(colon));
      if (index >= 0) {
        scanner.position += 1;
        this.#parseNumbers(scanner, index);
      }
      scanner.skipLine();
    }
  }

  #parseNumbers(scanner: IntegerScanner, index: number): void {
    if (scanner.integers(numbers, 0, placesMin) < placesMin) return;
    const base = index * networkColumnCount;
    for (let column = 0; column < networkColumnCount; column += 1) {
      this.#readings[base + column] = numbers[placeOfColumn[column] ?? 0] ?? 0;
    }
    this.#seen[index] = 1;
  }
}

/** Names of all interfaces in /proc/net/dev, in its order. */
export function parseInterfaceNames(bytes: Uint8Array): readonly string[] {
  const scanner = new IntegerScanner();
  scanner.reset(bytes);
  scanner.skipLine();
  scanner.skipLine();
  const names: string[] = [];
  for (; !scanner.atEnd(); scanner.skipLine()) {
    scanner.skipBlanks();
    const name = scanner.text(scanner.wordLength(colon));
    if (name !== "") names.push(name);
  }
  return names;
}

const colon = 0x3a;
const placesMin = 12;
const placeOfColumn = networkColumns.map(({ place }) => place);
/** Of the row that is read; one for all. */
const numbers = new Float64Array(placesMin);
