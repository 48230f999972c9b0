import { fail, ok, type Result } from "#proto/vocabulary/result.ts";

export type Fields = Readonly<Record<string, unknown>>;

const textCharactersMax = 64 * 1024;

/** JSON with an object at its top; `#` lines before it, as cloud-init has one, are left out. */
export function parseFields(name: string, text: string): Result<Fields, string> {
  if (text.length > textCharactersMax) return fail(`${name} is too long`);
  const body = text.replace(/^(?:#[^\n]*\n)*/, "");
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return fail(`${name} is not JSON (YAML in another form is not read here)`);
  }
  const fields = asFields(value);
  return fields === null ? fail(`${name} is no object`) : ok(fields);
}

export function asFields(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : null;
}

/** null: it is not there, or not of the form. */
export function asText(value: unknown, form: RegExp): string | null {
  return typeof value === "string" && form.test(value) ? value : null;
}

/** null: something in it is not of the form; nothing there is an empty list. */
export function asTexts(value: unknown, form: RegExp, countMax: number): readonly string[] | null {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > countMax) return null;
  const texts = value.map((one) => asText(one, form));
  return texts.every((one) => one !== null) ? texts : null;
}
