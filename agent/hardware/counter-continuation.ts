/** The text of a counter file in a frame of a later pass. */
export type Continuation = (frame: number, pass: number) => Uint8Array;

/**
 * How a recorded counter file goes on when its frames are played again: each counter grows by what
 * one pass adds, and by one mean step for the way from the last frame to the first. Lines and columns
 * that hold gauges stay; so does a counter that is smaller at the end than at the start. null: no
 * counter file. `range` is the text of max_energy_range_uj, where there is one.
 */
export function continueCounters(
  path: string,
  texts: readonly Uint8Array[],
  range: Uint8Array | null,
): Continuation | null {
  const form = forms.find((candidate) => candidate.path.test(path));
  if (form === undefined || texts.length === 0) return null;
  const tables = texts.map((bytes) => parseTable(form, latin1(bytes)));
  const modulus = range === null ? null : Number.parseInt(latin1(range), 10) + 1;
  const spans = spansOf(form, tables, modulus);
  return (frame, pass) => {
    const text = (tables[frame] ?? [])
      .map((line) => renderLine(form, line, spans, pass, modulus))
      .join("\n");
    return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  };
}

interface TableForm {
  readonly path: RegExp;
  /** What a line is about, in group 1; the rest is words and blanks. null: a line without counters. */
  readonly line: RegExp;
  /** Whether the word at this place behind the key is a counter. */
  readonly isCounter: (key: string, place: number) => boolean;
}

const forms: readonly TableForm[] = [
  {
    path: /^\/proc\/stat$/,
    line: /^((?:cpu\d*|intr|ctxt|processes|softirq)\b)(.*)$/,
    isCounter: () => true,
  },
  // The ninth number is operations in flight, a gauge.
  {
    path: /^\/proc\/diskstats$/,
    line: /^(\s*\d+\s+\d+\s+\S+)(.*)$/,
    isCounter: (_, place) => place !== 8,
  },
  { path: /^\/proc\/net\/dev$/, line: /^(\s*[^\s:|]+:)(.*)$/, isCounter: () => true },
  { path: /\/energy_uj$/, line: /^()(\d+.*)$/, isCounter: () => true },
  // utime, stime, cutime and cstime.
  {
    path: /^\/proc\/self\/stat$/,
    line: /^(.*\))(.*)$/,
    isCounter: (_, place) => place >= 11 && place <= 14,
  },
];

interface TableLine {
  /** null: kept as it is. */
  readonly key: string | null;
  /** The whole line, or words and blanks in turn behind the key. */
  readonly words: readonly string[];
}

function parseTable(form: TableForm, text: string): readonly TableLine[] {
  return text.split("\n").map((line) => {
    const match = form.line.exec(line);
    const [, key, rest] = match ?? [];
    return key === undefined || rest === undefined
      ? { key: null, words: [line] }
      : { key, words: rest.split(/(\s+)/) };
  });
}

type Spans = ReadonlyMap<string, readonly number[]>;

/** By key, what each counter adds in one pass; 0 where it does not go on. */
function spansOf(
  form: TableForm,
  tables: readonly (readonly TableLine[])[],
  modulus: number | null,
): Spans {
  const byFrame = tables.map((table) => new Map(table.map((line) => [line.key, numbersOf(line)])));
  const spans = new Map<string, readonly number[]>();
  for (const [key, first] of byFrame[0] ?? []) {
    if (key === null) continue;
    const readings = byFrame.map((frame) => frame.get(key));
    spans.set(
      key,
      first.map((_, place) =>
        form.isCounter(key, place)
          ? spanOf(
              readings.map((numbers) => numbers?.[place] ?? Number.NaN),
              modulus,
            )
          : 0,
      ),
    );
  }
  return spans;
}

function spanOf(readings: readonly number[], modulus: number | null): number {
  let grown = 0;
  for (let index = 1; index < readings.length; index += 1) {
    const step = (readings[index] ?? Number.NaN) - (readings[index - 1] ?? Number.NaN);
    grown += step < 0 && modulus !== null ? step + modulus : step;
  }
  if (!(grown > 0)) return 0;
  return grown + Math.round(grown / (readings.length - 1));
}

function numbersOf(line: TableLine): readonly number[] {
  return line.words
    .filter((word) => word.trim() !== "")
    .map((word) => (/^\d+$/.test(word) ? Number(word) : Number.NaN));
}

function renderLine(
  form: TableForm,
  line: TableLine,
  spans: Spans,
  pass: number,
  modulus: number | null,
): string {
  const { key, words } = line;
  if (key === null) return words.join("");
  const span = spans.get(key);
  let place = -1;
  const rendered = words.map((word) => {
    if (word.trim() === "") return word;
    place += 1;
    const added = (span?.[place] ?? 0) * pass;
    if (added === 0 || !form.isCounter(key, place) || !/^\d+$/.test(word)) return word;
    const value = Number(word) + added;
    return String(modulus === null ? value : value % modulus);
  });
  return key + rendered.join("");
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
