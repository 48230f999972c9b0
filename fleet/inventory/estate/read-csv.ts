import { rowsPerSlice, type Slices } from "./slices.ts";

/**
 * CSV as RFC 4180 has it, and as spreadsheets write it: a BOM, CRLF, LF or CR, quotes with breaks in
 * them, `;` or a tab where the country's decimal sign is a comma, a first line `sep=;`. One pass; never
 * throws. Bounds: 256 fields a row, 4,096 characters a field, the rows of the caller.
 */
export interface CsvRow {
  /** Of its first character, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

export interface CsvFault {
  readonly line: number;
  readonly words: string;
  readonly todo: string;
}

export interface CsvText {
  readonly delimiter: string;
  readonly rows: readonly CsvRow[];
  /** At most one for each row. */
  readonly faults: readonly CsvFault[];
}

const fieldsMax = 256;
const fieldCharactersMax = 4_096;
const faultsMax = 1_000;

export function* readCsv(text: string, rowsMax: number): Slices<CsvText> {
  const { delimiter, from, line } = findDelimiter(text);
  const rows: CsvRow[] = [];
  const faults: CsvFault[] = [];
  const state = { at: from, line };
  for (let count = 1; state.at < text.length; count += 1) {
    if (count % rowsPerSlice === 0) yield;
    const { row, fault } = readRow(text, state, delimiter);
    if (fault !== null && faults.length < faultsMax) faults.push(fault);
    const isBlank = row.fields.length === 1 && row.fields[0]?.trim() === "";
    if (fault !== null || isBlank) continue;
    if (rows.length >= rowsMax) {
      faults.push({
        line: row.line,
        words: `there are more than ${rowsMax - 1} rows`,
        todo: "import it in parts; what is in no file stays as it is",
      });
      break;
    }
    rows.push(row);
  }
  return { delimiter, rows, faults };
}

/** Of `,`, `;` and tab the one that the first line has most of, outside quotes. */
function findDelimiter(text: string): {
  readonly delimiter: string;
  readonly from: number;
  readonly line: number;
} {
  const start = text.charCodeAt(0) === byteOrderMark ? 1 : 0;
  const told = /^sep=([,;\t])(?:\r\n|\n|\r)/.exec(text.slice(start, start + 8));
  if (told?.[1] !== undefined) return { delimiter: told[1], from: start + told[0].length, line: 2 };
  const counts = new Map([",", ";", "\t"].map((sign) => [sign, 0]));
  let isQuoted = false;
  const end = Math.min(text.length, start + fieldsMax * fieldCharactersMax);
  for (let at = start; at < end; at += 1) {
    const sign = text.charAt(at);
    if (sign === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (sign === "\n" || sign === "\r")) break;
    else if (!isQuoted && counts.has(sign)) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  }
  let delimiter = ",";
  for (const [sign, count] of counts) if (count > (counts.get(delimiter) ?? 0)) delimiter = sign;
  return { delimiter, from: start, line: 1 };
}

interface Reading {
  at: number;
  line: number;
}

function readRow(
  text: string,
  state: Reading,
  delimiter: string,
): { readonly row: CsvRow; readonly fault: CsvFault | null } {
  const { line } = state;
  const fields: string[] = [];
  let fault: CsvFault | null = null;
  const complain = (words: string, todo: string): void => {
    fault ??= { line, words, todo };
  };
  for (;;) {
    const field =
      text.charAt(state.at) === '"'
        ? readQuoted(text, state, delimiter, complain)
        : readBare(text, state, delimiter, complain);
    if (field.length > fieldCharactersMax)
      complain(`a field has more than ${fieldCharactersMax} characters`, "make it shorter");
    if (fields.length < fieldsMax) fields.push(field.slice(0, fieldCharactersMax));
    else complain(`there are more than ${fieldsMax} fields`, "leave the further columns out");
    const sign = text.charAt(state.at);
    if (sign === delimiter) {
      state.at += 1;
      continue;
    }
    skipBreak(text, state);
    return { row: { line, fields }, fault };
  }
}

type Complain = (words: string, todo: string) => void;

/** Up to the next delimiter or break. */
function readBare(text: string, state: Reading, delimiter: string, complain: Complain): string {
  const start = state.at;
  let at = start;
  for (; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === delimiter || sign === "\n" || sign === "\r") break;
    if (sign === '"') complain("a quote stands inside a field", 'write "" inside quotes');
  }
  state.at = at;
  return text.slice(start, at);
}

function readQuoted(text: string, state: Reading, delimiter: string, complain: Complain): string {
  const pieces: string[] = [];
  let start = state.at + 1;
  for (;;) {
    const end = text.indexOf('"', start);
    if (end === -1) {
      complain("a quoted field does not end", 'close it with "; write "" for a quote inside');
      state.at = text.length;
      return pieces.join("");
    }
    const piece = text.slice(start, end);
    state.line += breaksIn(piece);
    pieces.push(piece);
    if (text.charAt(end + 1) !== '"') {
      state.at = end + 1;
      break;
    }
    pieces.push('"');
    start = end + 2;
  }
  const sign = text.charAt(state.at);
  if (sign !== "" && sign !== delimiter && sign !== "\n" && sign !== "\r") {
    complain("text follows a closing quote", 'write "" for a quote inside a quoted field');
    readBare(text, state, delimiter, () => {});
  }
  return pieces.join("");
}

function skipBreak(text: string, state: Reading): void {
  if (state.at >= text.length) return;
  state.at += text.charAt(state.at) === "\r" && text.charAt(state.at + 1) === "\n" ? 2 : 1;
  state.line += 1;
}

function breaksIn(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) count += 1;
  }
  return count;
}

const byteOrderMark = 0xfeff;
