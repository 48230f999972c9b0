import { fail, ok, type Result } from "#proto/vocabulary/result.ts";

export type SettingValue = string | number | boolean | readonly string[];

export interface SettingLine {
  /** With its table before it: `drain.hooks`. */
  readonly key: string;
  readonly value: SettingValue;
  /** From 1. */
  readonly line: number;
}

export interface SettingsProblem {
  readonly line: number;
  readonly message: string;
}

/** Tables that the agent's file may have. */
const tables = ["drain", "hands"];

/**
 * The part of TOML that the agent's file needs: comments, a few plain tables, and `key = value` with
 * a basic or literal string, a list of them, a decimal whole number, or a boolean, on one line.
 * Anything else is refused with its line: whatever this reads, TOML reads the same.
 */
export function parseSettings(text: string): Result<readonly SettingLine[], SettingsProblem> {
  const settings: SettingLine[] = [];
  const seen = new Map<string, number>();
  let table = "";
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  for (const [index, raw] of lines.entries()) {
    const line = index + 1;
    const wrong = (message: string) => fail({ line, message });
    const content = raw.trim();
    if (content === "" || content.startsWith("#")) continue;
    if (content.startsWith("[")) {
      const name = /^\[[ \t]*([A-Za-z0-9_-]+)[ \t]*\][ \t]*(?:#.*)?$/.exec(content)?.[1];
      if (name === undefined || !tables.includes(name)) {
        return wrong(`other tables than [${tables.join("], [")}] are not used here`);
      }
      const first = seen.get(`[${name}]`);
      if (first !== undefined) return wrong(`[${name}] stands on line ${first} already`);
      seen.set(`[${name}]`, line);
      table = `${name}.`;
      continue;
    }
    const match = /^([A-Za-z0-9_-]+)[ \t]*=[ \t]*(.*)$/.exec(content);
    const [, plainKey, rest] = match ?? [];
    if (plainKey === undefined || rest === undefined) return wrong("write `key = value`");
    const key = `${table}${plainKey}`;
    const first = seen.get(key);
    if (first !== undefined) return wrong(`${key} stands on line ${first} already`);
    const value = parseValue(rest);
    if (value === undefined) {
      return wrong(
        `${key} needs a "text", a ["list", "of texts"], a whole number, or true or false`,
      );
    }
    seen.set(key, line);
    settings.push({ key, value, line });
  }
  return ok(settings);
}

/** Value and an optional comment after it; undefined: no form fits. */
function parseValue(text: string): SettingValue | undefined {
  if (controlCharacters.test(text)) return undefined;
  const basic = /^"((?:[^"\\]|\\.)*)"[ \t]*(?:#.*)?$/.exec(text);
  if (basic?.[1] !== undefined) return readEscapes(basic[1]);
  const literal = /^'([^']*)'[ \t]*(?:#.*)?$/.exec(text);
  if (literal?.[1] !== undefined) return literal[1];
  if (text.startsWith("[")) return parseList(text);
  const bare = /^([^ \t#]+)[ \t]*(?:#.*)?$/.exec(text)?.[1];
  if (bare === "true") return true;
  if (bare === "false") return false;
  if (bare !== undefined && /^[+-]?(0|[1-9](_?[0-9])*)$/.test(bare)) {
    const number = Number(bare.replaceAll("_", ""));
    return Number.isSafeInteger(number) ? number : undefined;
  }
  return undefined;
}

/** `["a", 'b',]` and an optional comment; undefined: it is no such list. */
function parseList(text: string): readonly string[] | undefined {
  const item = /[ \t]*(?:"((?:[^"\\]|\\.)*)"|'([^']*)')[ \t]*(,|(?=\]))/y;
  const values: string[] = [];
  let at = 1;
  for (;;) {
    if (/^[ \t]*\][ \t]*(?:#.*)?$/.test(text.slice(at))) return values;
    item.lastIndex = at;
    const [whole, basic, literal] = item.exec(text) ?? [];
    const value = basic === undefined ? literal : readEscapes(basic);
    if (whole === undefined || value === undefined || values.length >= listMax) return undefined;
    values.push(value);
    at = item.lastIndex;
  }
}

/** Texts in one list. */
const listMax = 64;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlCharacters = /[\u0000-\u0008\u000a-\u001f\u007f]/;

const escapes: Readonly<Record<string, string>> = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  '"': '"',
  "\\": "\\",
};

/** undefined: an escape that TOML does not have. */
function readEscapes(text: string): string | undefined {
  let isGood = true;
  const value = text.replace(
    /\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)/g,
    (_whole, form: string): string => {
      if (form.length > 1) {
        const codePoint = Number.parseInt(form.slice(1), 16);
        const isScalar = codePoint <= 0x10ffff && !(codePoint >= 0xd800 && codePoint < 0xe000);
        if (isScalar) return String.fromCodePoint(codePoint);
      }
      const plain = escapes[form];
      if (plain === undefined) isGood = false;
      return plain ?? "";
    },
  );
  return isGood ? value : undefined;
}
