import { decodeText } from "#agent/hardware/live-files.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import { jsonEdits, mutateJson } from "./json-mutations.ts";

/** One spoiled input, and how it came to be. */
export interface Mutated {
  readonly text: string;
  /** Names of the edits, in the order in which they were made. */
  readonly edits: readonly string[];
}

/** Longest text that an edit makes out of a shorter one; samples may be longer than that. */
export const mutatedLengthMax = 64 * 1024;

/**
 * Spoils a text by one to four edits: what broken machines, cut captures and other tools' output do
 * to it. `others` are the samples it may be spliced with.
 */
export function mutate(sample: string, others: readonly string[], random: SeededRandom): Mutated {
  const edits: string[] = [];
  let text = sample;
  for (let count = 1 + random.below(4); count > 0; count -= 1) {
    const edit = random.pick(isJson(text) && random.chance(0.5) ? jsonEdits : textEdits);
    const edited = isJsonEdit(edit)
      ? mutateJson(text, edit, random)
      : editText(text, edit, { others, random });
    edits.push(edit);
    text = edited.length > Math.max(mutatedLengthMax, text.length) ? text : edited;
  }
  return { text, edits };
}

const textEdits = [
  "cut",
  "cut out",
  "splice",
  "repeat",
  "swap lines",
  "drop line",
  "one number",
  "every number",
  "bytes",
  "surrogate",
  "long line",
  "many blanks",
  "carriage returns",
  "noise before",
  "other word",
  "letter case",
] as const;
type TextEdit = (typeof textEdits)[number];

interface EditParts {
  readonly others: readonly string[];
  readonly random: SeededRandom;
}

function editText(text: string, edit: TextEdit, { others, random }: EditParts): string {
  const at = random.below(text.length + 1);
  switch (edit) {
    case "cut":
      return random.chance(0.8) ? text.slice(0, at) : text.slice(at);
    case "cut out":
      return text.slice(0, at) + text.slice(at + random.below(200));
    case "splice": {
      const other = others[random.below(others.length)] ?? "";
      return text.slice(0, at) + other.slice(random.below(other.length + 1));
    }
    case "repeat": {
      const part = text.slice(at, at + 1 + random.below(400));
      const times = 1 + random.below(random.chance(0.1) ? 400 : 8);
      return text.slice(0, at) + part.repeat(times) + text.slice(at);
    }
    case "swap lines":
      return editLines(text, (lines) => {
        const [one, two] = [random.below(lines.length), random.below(lines.length)];
        [lines[one], lines[two]] = [lines[two] ?? "", lines[one] ?? ""];
      });
    case "drop line":
      return editLines(text, (lines) => {
        lines.splice(random.below(lines.length), 1 + random.below(3));
      });
    case "one number":
      return replaceOne(text, numberForm, random, () => random.pick(oddNumbers));
    case "every number": {
      const number = random.pick(oddNumbers);
      return text.replace(numberForm, () => number);
    }
    case "bytes": {
      const bytes = Buffer.from(text);
      const byteAt = random.below(bytes.length + 1);
      const odd = Buffer.from(random.pick<readonly number[]>(oddBytes));
      const spoilt = [bytes.subarray(0, byteAt), odd, bytes.subarray(byteAt + random.below(4))];
      return decodeText(Buffer.concat(spoilt));
    }
    case "surrogate":
      return text.slice(0, at) + random.pick(["\ud800", "\udfff", "\udc00\ud800"]) + text.slice(at);
    case "long line": {
      const lineEnd = text.indexOf("\n", at);
      const end = lineEnd < 0 ? text.length : lineEnd;
      return text.slice(0, end) + filler(text, random, 20_000) + text.slice(end);
    }
    case "many blanks":
      return text.slice(0, at) + random.pick(blanks).repeat(random.below(20_000)) + text.slice(at);
    case "carriage returns":
      return text.replaceAll("\n", random.pick(["\r\n", "\r", "\n\n", "\n\r", "\u2028"]));
    case "noise before":
      return random.pick(noises) + text;
    case "other word":
      return replaceOne(text, wordForm, random, () => random.pick(oddWords));
    case "letter case":
      return replaceOne(text, wordForm, random, (word) =>
        random.chance(0.5) ? word.toUpperCase() : word.toLowerCase(),
      );
  }
}

function editLines(text: string, edit: (lines: string[]) => void): string {
  const lines = text.split("\n");
  edit(lines);
  return lines.join("\n");
}

/** Replaces one of the places that match, each as likely as the others. */
function replaceOne(
  text: string,
  form: RegExp,
  random: SeededRandom,
  make: (found: string) => string,
): string {
  const places = [...text.matchAll(form)];
  const place = places[random.below(places.length)];
  if (place === undefined) return text;
  const [found] = place;
  return text.slice(0, place.index) + make(found) + text.slice(place.index + found.length);
}

/** Text of some length out of what stands in the sample, or of one letter. */
function filler(text: string, random: SeededRandom, lengthMax: number): string {
  const from = random.below(text.length + 1);
  const part = random.chance(0.5)
    ? random.pick([" ", "a", "0", ":", "|", ",", "-", "\t", "(", "[", '"', "\\"])
    : text.slice(from, from + 1 + random.below(12));
  return part.repeat(Math.floor(random.below(lengthMax) / Math.max(1, part.length)));
}

function isJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

function isJsonEdit(edit: string): edit is (typeof jsonEdits)[number] {
  return jsonEdits.some((known) => known === edit);
}

/** Numbers that counters, sensors and broken firmware do give. */
export const oddNumbers = [
  "-1",
  "0",
  "-0",
  "2147483648",
  "4294967295",
  "4294967296",
  "9007199254740993",
  "18446744073709551615",
  "18446744073709551616",
  "1e308",
  "1e999",
  "NaN",
  "Infinity",
  "-Infinity",
  "nan",
  "",
  "0x1f",
  "1,234",
  "1.5",
  "0-999999",
  "00",
  "99999999999999999999999999999999",
] as const;

const oddWords = [
  "",
  "N/A",
  "[Not Supported]",
  "null",
  "undefined",
  "__proto__",
  "constructor",
  "toString",
  "Unknown",
  "To Be Filled By O.E.M.",
  "0123456789",
] as const;
const oddBytes = [
  [0],
  [0, 0, 0, 0],
  [0xff],
  [0xff, 0xfe],
  [0xc3, 0x28],
  [0xe2, 0x82],
  [0xf0, 0x9f, 0x92],
  [0xed, 0xa0, 0x80],
  [0xef, 0xbb, 0xbf],
  [0x1b, 0x5b, 0x33, 0x31, 0x6d],
] as const;
const blanks = [" ", "\n", "\t", "\r\n", " \n", "\0"] as const;
const noises = [
  "\ufeff",
  "\n\n\n",
  "Warning: Permanently added '192.0.2.1' (ED25519) to the list of known hosts.\r\n",
  "modprobe: FATAL: Module ipmi_devintf not found in directory /lib/modules/6.1.0\n",
  "Unable to send data: Invalid argument\n",
  "/bin/sh: warning: setlocale: LC_ALL: cannot change locale (en_US.UTF-8)\n",
  "{}\n",
  "[]",
] as const;
const numberForm = /-?\d+(?:\.\d+)?/g;
const wordForm = /[A-Za-z_][\w.-]*/g;
