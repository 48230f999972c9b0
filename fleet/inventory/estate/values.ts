import { isPlaceholder } from "#proto/vocabulary/placeholder.ts";
import { rackUnitsMax } from "#proto/vocabulary/position.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { quoted } from "./estate-problem.ts";

/** What is wrong with a value, and what to write instead. */
export interface ValueFault {
  readonly words: string;
  readonly todo: string;
}

export type Read<Value> = Result<Value, ValueFault>;
type Reader<Value> = (text: string) => Read<Value>;

const textMax = 128;
const tagsMax = 64;
export const wattsMax = 1_000_000;

/** What may stand in a DNS name, as everywhere. */
export const readHostName: Reader<string> = (text) =>
  /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/i.test(text)
    ? ok(text)
    : wrong(
        `${quoted(text)} is no host name`,
        "use at most 63 letters, digits, - and ., beginning and ending with a letter or digit",
      );

export const readSerial: Reader<string> = (text) => {
  if (isPlaceholder(text))
    return wrong(
      `${quoted(text)} is what makers write where no serial is`,
      "write the serial that stands on the box, or leave it empty",
    );
  return readPlainText(text);
};

/** One line of text without control characters. */
export const readPlainText: Reader<string> = (text) => {
  if (text.length > textMax)
    return wrong(`${quoted(text)} is longer than ${textMax} characters`, "make it shorter");
  return /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufffd]/u.test(text)
    ? wrong(`${quoted(text)} has characters that cannot be printed`, "remove them")
    : ok(text);
};

/** A place in a rack, from 1; NetBox writes 12.0. */
export const readUnit: Reader<number> = (text) => {
  if (/^\d{1,3}\.5$/.test(text))
    return wrong(`unit ${text} lies between two units`, "use the lower whole unit");
  return readUnits(text, "rack unit");
};

/** A height in units: `42`, `42U`, `2.0`. */
export const readHeight: Reader<number> = (text) =>
  readUnits(text.replace(/\s?u$/i, ""), "height in rack units");

function readUnits(text: string, what: string): Read<number> {
  const digits = /^(\d{1,3})(?:\.0{1,2})?$/.exec(text)?.[1];
  const value = Number(digits);
  return digits !== undefined && value >= 1 && value <= rackUnitsMax
    ? ok(value)
    : wrong(`${quoted(text)} is no ${what}`, `write a whole number from 1 to ${rackUnitsMax}`);
}

export const readWatts: Reader<number> = (text) => {
  const value = Number(text);
  return /^\d{1,7}$/.test(text) && value >= 1 && value <= wattsMax
    ? ok(value)
    : wrong(`${quoted(text)} is no power in watts`, "write whole watts, as in 750");
};

/** Any usual form of six bytes → `00:25:90:aa:bb:cc`. */
export const readMac: Reader<string> = (text) => {
  const plain = text.toLowerCase();
  const hex = /^(?:[0-9a-f]{12}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4})$/.test(plain)
    ? plain.replaceAll(".", "")
    : /^[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}$/.test(plain)
      ? plain.replaceAll(/[:-]/g, "")
      : undefined;
  const isOneHosts =
    hex !== undefined && !/^0+$/.test(hex) && (Number.parseInt(hex.slice(0, 2), 16) & 1) === 0;
  return isOneHosts
    ? ok((hex.match(/../g) ?? []).join(":"))
    : wrong(`${quoted(text)} is no MAC address of one port`, "write it as in 00:25:90:aa:bb:cc");
};

const tagForm = /^[a-z0-9][a-z0-9._:-]{0,62}$/i;

/** Words with commas, semicolons or blanks between; the answer ascends, each once. */
export const readTags: Reader<readonly string[]> = (text) => {
  const words = text.split(/[,;\s]+/).filter((word) => word !== "");
  const bad = words.find((word) => !tagForm.test(word));
  if (bad !== undefined)
    return wrong(`${quoted(bad)} is no tag`, "use letters, digits, - . _ and :, 63 at most");
  if (words.length > tagsMax)
    return wrong(`there are ${words.length} tags`, `give at most ${tagsMax}`);
  return ok([...new Set(words)].sort(byText));
};

export function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

export function wrong(
  words: string,
  todo: string,
): { readonly ok: false; readonly problem: ValueFault } {
  return fail({ words, todo });
}
