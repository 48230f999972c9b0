import { stringify } from "csv-stringify/sync";
import Table from "cli-table3";
import { paint, type Tone } from "./paint.ts";
import type { Terminal } from "./terminal.ts";
import { safeText } from "./words.ts";

export const outputForms = ["table", "wide", "json", "jsonl", "csv", "name"] as const;
export type OutputForm = (typeof outputForms)[number];

export interface Column<Row> {
  /** Heading in a table. */
  readonly title: string;
  /** Heading in CSV, with its unit: `power_watts`. */
  readonly key: string;
  readonly isWideOnly?: boolean;
  readonly isFigure?: boolean;
  /** For people. */
  readonly show: (row: Row, nowMs: number) => string;
  /** For programs. */
  readonly raw: (row: Row) => string | number | boolean | null;
  readonly tone?: (row: Row) => Tone;
}

/** Prints a list in the form that was asked for. Nothing to print is said on stderr. */
export function printList<Row>(
  terminal: Terminal,
  form: OutputForm,
  list: {
    readonly rows: readonly Row[];
    readonly columns: readonly Column<Row>[];
    readonly nameOf: (row: Row) => string;
    /** What to say when there is none: "no hosts". */
    readonly none: string;
  },
): void {
  const { rows, columns, nameOf } = list;
  switch (form) {
    case "json":
      terminal.stdout.write(`${safeJson({ items: rows }, 2)}\n`);
      return;
    case "jsonl":
      for (const row of rows) terminal.stdout.write(`${safeJson(row)}\n`);
      return;
    case "csv":
      terminal.stdout.write(writeCsv(rows, columns));
      return;
    case "name":
      for (const row of rows) terminal.stdout.write(`${safeText(nameOf(row))}\n`);
      return;
    case "table":
    case "wide": {
      if (rows.length === 0) {
        terminal.stderr.write(`${list.none}\n`);
        return;
      }
      const shown = columns.filter((column) => form === "wide" || !column.isWideOnly);
      terminal.stdout.write(drawTable(terminal, rows, shown));
    }
  }
}

/** One object: JSON as the API gave it, or lines of name and value. */
export function printOne(
  terminal: Terminal,
  form: OutputForm,
  one: {
    readonly value: unknown;
    readonly name: string;
    readonly lines: readonly (readonly [string, string])[];
  },
): void {
  if (form === "json") terminal.stdout.write(`${safeJson(one.value, 2)}\n`);
  else if (form === "jsonl") terminal.stdout.write(`${safeJson(one.value)}\n`);
  else if (form === "name") terminal.stdout.write(`${safeText(one.name)}\n`);
  else if (form === "csv") {
    const [names, values] = [one.lines.map(([name]) => name), one.lines.map(([, value]) => value)];
    terminal.stdout.write(csvText([names, values.map(safeText)]));
  } else terminal.stdout.write(drawFacts(one.lines));
}

/** `name  value`, the values in one column. */
export function drawFacts(lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${safeText(value)}\n`).join("");
}

export function drawTable<Row>(
  terminal: Terminal,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): string {
  const nowMs = terminal.clock.nowUnixMs();
  const table = new Table({
    head: columns.map((column) => column.title),
    colAligns: columns.map((column) => (column.isFigure ? "right" : "left")),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
    chars: noLines,
  });
  for (const row of rows) {
    table.push(
      columns.map((column) =>
        paint(terminal, column.tone?.(row) ?? "plain", safeText(column.show(row, nowMs))),
      ),
    );
  }
  const lines = table.toString().split("\n");
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

function writeCsv<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const head = columns.map((column) => column.key);
  return csvText([head, ...rows.map((row) => columns.map((column) => column.raw(row)))]);
}

/** RFC 4180; a cell that a spreadsheet would take for a formula is made text. */
function csvText(rows: readonly (readonly (string | number | boolean | null)[])[]): string {
  return stringify(
    rows.map((row) => row.map((cell) => (typeof cell === "string" ? safeText(cell) : cell))),
    { escape_formulas: true, record_delimiter: "windows", cast: { boolean: String } },
  );
}

/** JSON in which no character can act on a terminal. */
export function safeJson(value: unknown, indent?: number): string {
  const escaped = (character: string): string =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g,
    escaped,
  );
}

const noLines = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
} as const;
