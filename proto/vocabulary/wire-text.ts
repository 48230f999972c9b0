import { wireLimits } from "./wire-limits.ts";

/**
 * What must not reach a terminal, a log line or a page from a text that a host made up: C0 except
 * tab, DEL, C1 (0x9b starts a terminal command), line and paragraph separators, and the marks that
 * turn the direction of writing.
 */
const unsafeCharacters =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const everyUnsafeCharacter = new RegExp(unsafeCharacters, "g");

/** Whether a text could steer what shows it. */
export function hasUnsafeCharacters(text: string): boolean {
  return unsafeCharacters.test(text);
}

/** The text with U+FFFD in place of each unsafe character and each half of a surrogate pair. */
export function cleanText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return hasUnsafeCharacters(wellFormed)
    ? wellFormed.replace(everyUnsafeCharacter, "\ufffd")
    : wellFormed;
}

/**
 * What an agent does to a text before it goes on the wire: clean, and cut to `stringBytesMax` bytes
 * of UTF-8 between two characters. Doing it twice changes nothing.
 */
export function toWireText(text: string): string {
  // A hostile firmware string may be megabytes; nothing beyond this many units can survive the cut.
  const clean = cleanText(text.slice(0, wireLimits.stringBytesMax + 1));
  if (clean.length * 3 <= wireLimits.stringBytesMax) return clean;
  let bytes = 0;
  let units = 0;
  for (const character of clean) {
    bytes += utf8Bytes(character);
    if (bytes > wireLimits.stringBytesMax) break;
    units += character.length;
  }
  return clean.slice(0, units);
}

/** Length of a well-formed text in bytes of UTF-8. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // A surrogate pair is two units and four bytes.
    if (unit >= 0xd800 && unit < 0xe000) bytes += 1;
    else if (unit >= 0x800) bytes += 2;
    else if (unit >= 0x80) bytes += 1;
  }
  return bytes;
}
