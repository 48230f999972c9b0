import { ok } from "#proto/vocabulary/result.ts";
import { readTable } from "./csv-table.ts";
import {
  type EstateDocument,
  type EstateReading,
  estateCharactersMax,
  estateRowsMax,
  type ReadEstateOptions,
} from "./estate-document.ts";
import { ProblemList } from "./estate-problem.ts";
import { estateFromNetbox } from "./netbox-estate.ts";
import { itemsFromNetboxCsv, looksLikeNetbox, normalNetboxColumn } from "./netbox-csv.ts";
import { isNetboxJson, itemsFromNetboxJson } from "./netbox-json.ts";
import { readOwnTable, whichTable } from "./own-csv.ts";
import { isObject, readOwnJson } from "./own-json.ts";
import { type CsvText, readCsv } from "./read-csv.ts";
import { atOnce, type Slices } from "./slices.ts";
import { type Read, wrong } from "./values.ts";

const nothing: EstateDocument = { sites: [], racks: [], hosts: [] };

/**
 * A file of the estate in any form that we know, or what is wrong with it. Linear in its length, at
 * most 32 MiB and 200,000 rows; never throws.
 */
export function readEstate(text: string, options: ReadEstateOptions): EstateReading {
  return atOnce(readEstateInSlices(text, options));
}

/** The same, stopping after some hundred rows. */
export function* readEstateInSlices(
  text: string,
  options: ReadEstateOptions,
): Slices<EstateReading> {
  const problems = new ProblemList(options.file);
  const estate = yield* readText(text, options, problems);
  const { problems: told, leftOut, notes } = problems;
  return { estate, problems: told, problemsLeftOut: leftOut, notes };
}

function* readText(
  text: string,
  options: ReadEstateOptions,
  problems: ProblemList,
): Slices<EstateDocument> {
  const unusable = whyUnusable(text);
  if (unusable !== undefined) {
    problems.add("file-unreadable", null, null, unusable.words, unusable.todo);
    return nothing;
  }
  const isJson = /^[\ufeff\s]*[{[]/.test(text.slice(0, 1_024));
  if (options.format === "json" || (options.format !== "csv" && isJson))
    return readJson(text, options, problems);
  return yield* readCsvText(text, options, problems);
}

function whyUnusable(text: string) {
  if (text.length > estateCharactersMax)
    return { words: "the file is longer than 32 MiB", todo: "import it in parts" };
  const start = text.slice(0, 4_096);
  if (start.includes("\0") || start.startsWith("\ufffd\ufffd"))
    return { words: "the file is UTF-16 or no text", todo: "save it as CSV UTF-8" };
  if (text.includes("\0"))
    return { words: "the file has NUL bytes in it", todo: "export it again; it is damaged" };
  return undefined;
}

function readJson(text: string, options: ReadEstateOptions, problems: ProblemList): EstateDocument {
  const parsed = parseJson(text);
  if (!parsed.ok) {
    problems.add("file-unreadable", null, null, parsed.problem.words, parsed.problem.todo);
    return nothing;
  }
  const file = parsed.value;
  const isNetbox =
    options.format === "netbox" || (options.format === undefined && isNetboxJson(file));
  if (isNetbox)
    return estateFromNetbox(itemsFromNetboxJson(file, estateRowsMax, problems), options, problems);
  if (isObject(file)) return readOwnJson(file, estateRowsMax, problems);
  problems.add("file-unreadable", null, null, "the file is no object", 'write { "hosts": [ … ] }');
  return nothing;
}

function parseJson(text: string): Read<unknown> {
  try {
    return ok(JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text));
  } catch (cause) {
    const words = cause instanceof Error ? cause.message.slice(0, 160) : "it cannot be parsed";
    const printable = words.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "�");
    return wrong(`the file is no JSON: ${printable}`, "export it again, or mend it there");
  }
}

function* readCsvText(
  text: string,
  options: ReadEstateOptions,
  problems: ProblemList,
): Slices<EstateDocument> {
  const csv = yield* readCsv(text, estateRowsMax + 1);
  for (const { line, words, todo } of csv.faults)
    problems.add("file-unreadable", `line ${line}`, null, words, todo);
  if (csv.delimiter !== ",")
    problems.note(
      null,
      `fields are separated by ${csv.delimiter === "\t" ? "tabs" : '";"'}, which is taken`,
    );
  const columns = (csv.rows[0]?.fields ?? []).map((field) => field.trim());
  const isNetbox =
    options.format === "netbox" || (options.format === undefined && looksLikeNetbox(columns));
  return yield* isNetbox ? readNetbox(csv, options, problems) : readOwn(csv, problems);
}

function* readNetbox(
  csv: CsvText,
  options: ReadEstateOptions,
  problems: ProblemList,
): Slices<EstateDocument> {
  const table = yield* readTable(csv.rows, problems, normalNetboxColumn);
  if (table === undefined) return nothing;
  const items = itemsFromNetboxCsv(table, problems);
  yield;
  return estateFromNetbox(items, options, problems);
}

function* readOwn(csv: CsvText, problems: ProblemList): Slices<EstateDocument> {
  const normal = (column: string): string => column.toLowerCase();
  const columns = (csv.rows[0]?.fields ?? []).map((field) => normal(field.trim()));
  const which = whichTable(columns);
  if (which === undefined && columns.length > 0) {
    problems.add(
      "column-missing",
      "line 1",
      null,
      "the first line names no columns of hosts, racks or sites",
      "begin with name,serial,position,… for hosts; site,row,rack,… for racks; site,time_zone,… for sites",
    );
    return nothing;
  }
  const table = yield* readTable(csv.rows, problems, normal);
  return table === undefined || which === undefined
    ? nothing
    : yield* readOwnTable(which, table, problems);
}
