import { type EstateProblemCode, type ProblemList, quoted } from "./estate-problem.ts";
import type { CsvRow } from "./read-csv.ts";
import { rowsPerSlice, type Slices } from "./slices.ts";
import { byText, type Read } from "./values.ts";

/** The rows of a CSV file by the names of its columns. */
export interface CsvTable {
  /** As they stand, without blanks around. */
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

/** One row; each reader notes what is wrong with its cell and goes on. */
export interface TableRow {
  readonly at: string;
  /** undefined: there is no such column, or nothing stands there. */
  text(column: string): string | undefined;
  /** `-` stands for *none*: null. */
  read<Value>(column: string, reader: (text: string) => Read<Value>): Value | null | undefined;
  /** The same where *none* makes no sense. */
  value<Value>(column: string, reader: (text: string) => Read<Value>): Value | undefined;
  complain(code: EstateProblemCode, column: string | null, words: string, todo: string): undefined;
}

/** `normal` brings the names of columns to one form: `Serial number` → `serial_number`. */
export function* readTable(
  rows: readonly CsvRow[],
  problems: ProblemList,
  normal: (column: string) => string = (column) => column,
): Slices<CsvTable | undefined> {
  const [head, ...body] = rows;
  if (head === undefined)
    return problems.add("file-unreadable", null, null, "the file is empty", "export it again");
  const columns = head.fields.map((field) => normal(field.trim()));
  const places = new Map<string, number>();
  for (const [place, column] of columns.entries()) {
    if (column === "") continue;
    if (places.has(column))
      problems.add(
        "column-unknown",
        `line ${head.line}`,
        column,
        `the column ${quoted(column)} stands there twice`,
        "keep one of them",
      );
    places.set(column, place);
  }
  const wide = columns.length;
  const made: TableRow[] = [];
  for (const [count, { line, fields }] of body.entries()) {
    if (count % rowsPerSlice === rowsPerSlice - 1) yield;
    const at = `line ${line}`;
    const spare = fields.slice(wide).some((field) => field.trim() !== "");
    if (fields.length < wide || spare) {
      problems.add(
        "file-unreadable",
        at,
        null,
        `the row has ${fields.length} fields, the header ${wide}`,
        "put fields with the separator in them into quotes, and keep empty ones",
      );
      continue;
    }
    made.push(createRow(at, fields, places, problems));
  }
  return { columns: [...places.keys()], rows: made };
}

function createRow(
  at: string,
  fields: readonly string[],
  places: ReadonlyMap<string, number>,
  problems: ProblemList,
): TableRow {
  const text = (column: string): string | undefined => {
    const raw = fields[places.get(column) ?? -1]?.trim();
    return raw === undefined || raw === "" ? undefined : unguarded(raw);
  };
  const value = <Value>(
    column: string,
    reader: (text: string) => Read<Value>,
  ): Value | undefined => {
    const found = text(column);
    if (found === undefined) return undefined;
    const read = reader(found);
    if (read.ok) return read.value;
    return problems.add("value-invalid", at, column, read.problem.words, read.problem.todo);
  };
  return {
    at,
    text,
    value,
    read: (column, reader) =>
      fields[places.get(column) ?? -1]?.trim() === "-" ? null : value(column, reader),
    complain: (code, column, words, todo) => problems.add(code, at, column, words, todo),
  };
}

/** What a writer sets before a cell that a spreadsheet would take for a formula. */
const guarded = /^'+[=+\-@\t\r]/;

function unguarded(text: string): string {
  return guarded.test(text) ? text.slice(1) : text;
}

/** Columns that nobody knows are an error: a mistyped one would be left out without a word. */
export function refuseUnknownColumns(
  table: CsvTable,
  known: readonly string[],
  problems: ProblemList,
): void {
  for (const column of table.columns)
    if (!known.includes(column)) {
      const near = nearest(column, known);
      problems.add(
        "column-unknown",
        "line 1",
        column,
        `there is no column ${quoted(column)}`,
        near === undefined
          ? `remove it; known are ${known.join(", ")}`
          : `did you mean ${near}? Known are ${known.join(", ")}`,
      );
    }
}

/** The known word with the most letters in common, where more than half are. */
function nearest(word: string, known: readonly string[]): string | undefined {
  const letters = (text: string): readonly string[] =>
    [
      ...text
        .toLowerCase()
        .replaceAll(/[^a-z]/g, "")
        .slice(0, 40),
    ].sort(byText);
  const own = letters(word);
  let best: { readonly name: string; readonly share: number } | undefined;
  for (const name of known) {
    const other = [...letters(name)];
    const size = Math.max(own.length, other.length);
    let same = 0;
    for (const letter of own) {
      const place = other.indexOf(letter);
      if (place === -1) continue;
      other.splice(place, 1);
      same += 1;
    }
    const share = size === 0 ? 0 : same / size;
    if (share > 0.75 && share > (best?.share ?? 0)) best = { name, share };
  }
  return best?.name;
}
