import { isPlaceholder } from "#proto/vocabulary/placeholder.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import {
  replaceInForm,
  replaceIpv4,
  replaceIpv6,
  replaceMac,
  replaceUuid,
  replaceWwn,
} from "./scrub-forms.ts";
import { type PrivateKind, plainDeviceName, plainPathWords } from "./scrub-words.ts";

/**
 * Replaces what tells one machine from another: first it learns from known places, then it replaces
 * everywhere. The same text always becomes the same replacement, of the same length and kind of
 * letters, so parsers meet the same shapes. Placeholders and blanks stay: they are what a recording
 * is for. The map lives in memory only.
 */
export class Scrubber {
  readonly #random: Random;
  /** By the original in lower case. */
  readonly #replacements = new Map<string, Replacement>();
  readonly #words = new Map<string, string>();
  #pattern: RegExp | null = null;
  #hostCount = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Notes a private fact. Text that says nothing of this one machine is not noted. */
  learn(kind: PrivateKind, text: string): void {
    const original = text.replace(/\0+$/, "").trim();
    if (
      original === "" ||
      isPlaceholder(original) ||
      this.#replacements.has(original.toLowerCase())
    )
      return;
    if (isPublicAddress(kind, original)) return;
    // The kernel, lsblk and smartctl write the same name each with another prefix.
    const bareName = kind === "wwn" ? prefixedName.exec(original)?.[1] : undefined;
    if (bareName !== undefined) {
      this.learn("wwn", bareName);
      return;
    }
    // The word root or data as a volume's name tells nothing, and stands everywhere.
    if (kind === "path" && !/[-_\d]/.test(original)) return;
    // An NVMe disk without a name of its own is named by its serial: the two must go on agreeing.
    const serialInside = kind === "wwn" ? nvmeSerialForm.exec(original)?.[1] : undefined;
    if (serialInside !== undefined) {
      this.learn("serial", Buffer.from(serialInside, "hex").toString("latin1"));
      return;
    }
    const replacement = this.#make(kind, original);
    if (replacement === original) return;
    this.#note(kind, original, replacement);
    if (kind !== "serial" || original.length < derivedLengthMin) return;
    // NVMe names a disk by its serial in hexadecimal; FRU dumps come in base64.
    this.#note(kind, hex(original), hex(replacement), true);
    this.#note(kind, base64(original), base64(replacement), true);
  }

  /** Replaces what was learned, and every address and id by its form. */
  scrub(text: string): string {
    const known = this.#replaceKnown(text);
    return this.#replaceForms(known);
  }

  /** For a value that stands alone: short names too, which in running text could be anything. */
  scrubWhole(text: string): string {
    const found = this.#replacements.get(text.trim().toLowerCase());
    return found === undefined ? this.scrub(text) : text.replace(text.trim(), found.replacement);
  }

  /** Words of a path that not every system has; the same word always becomes the same other one. */
  scrubPath(path: string): string {
    return this.scrub(path)
      .split("/")
      .map((word) => this.#scrubPathWord(word))
      .join("/");
  }

  /** How many different facts of each kind were replaced. */
  counts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { kind, isDerived } of this.#replacements.values())
      if (!isDerived) counts[kind] = (counts[kind] ?? 0) + 1;
    if (this.#words.size > 0) counts["path"] = (counts["path"] ?? 0) + this.#words.size;
    return counts;
  }

  /** Everything that must not be found any more, and what stands there instead. */
  originals(): readonly {
    readonly kind: PrivateKind;
    readonly original: string;
    readonly replacement: string;
  }[] {
    const words = [...this.#words].map(
      ([original, replacement]) => ({ kind: "path", original, replacement }) as const,
    );
    return [...this.#replacements.values(), ...words];
  }

  #scrubPathWord(word: string): string {
    const plain = word.toLowerCase();
    if (word === "" || plainPathWords.has(plain) || plainDeviceName.test(word)) return word;
    const known = this.#words.get(word);
    if (known !== undefined) return known;
    if (this.#replacements.has(plain) || this.#isReplacement(word)) return word;
    const made = replaceInForm(word, this.#random);
    this.#words.set(word, made);
    return made;
  }

  #isReplacement(word: string): boolean {
    const plain = word.toLowerCase();
    for (const made of this.#words.values()) if (made.toLowerCase() === plain) return true;
    for (const { replacement } of this.#replacements.values())
      if (plain.includes(replacement.toLowerCase())) return true;
    return false;
  }

  #note(kind: PrivateKind, original: string, replacement: string, isDerived = false): void {
    const key = original.toLowerCase();
    if (this.#replacements.has(key)) return;
    this.#replacements.set(key, { kind, original, replacement, isDerived });
    this.#pattern = null;
  }

  #make(kind: PrivateKind, original: string): string {
    switch (kind) {
      case "mac":
        return replaceMac(original, this.#random);
      case "ipv4":
        return replaceIpv4(this.#countOf("ipv4"));
      case "ipv6":
        return replaceIpv6(this.#countOf("ipv6"));
      case "uuid":
        return replaceUuid(original, this.#random);
      case "wwn":
        return replaceWwn(original, this.#random);
      case "hostname":
        return this.#replaceHostname(original);
      case "serial":
      case "path":
        return replaceInForm(original, this.#random);
    }
  }

  #replaceHostname(original: string): string {
    const [short = "", ...domain] = original.split(".");
    const known = this.#replacements.get(short.toLowerCase())?.replacement;
    const name = known ?? `host-${String.fromCharCode(97 + (this.#hostCount++ % 26))}`;
    return domain.length === 0 ? name : `${name}.example`;
  }

  #countOf(kind: PrivateKind): number {
    let count = 0;
    for (const known of this.#replacements.values()) if (known.kind === kind) count += 1;
    return count;
  }

  #replaceKnown(text: string): string {
    this.#pattern ??= patternOf([...this.#replacements.values()].map(({ original }) => original));
    return text.replace(this.#pattern, (found) => {
      const known = this.#replacements.get(found.toLowerCase());
      return known === undefined ? found : inCaseOf(found, known);
    });
  }

  #replaceForms(text: string): string {
    const by = (kind: PrivateKind) => (found: string) => {
      if (this.#isReplacement(found)) return found;
      this.learn(kind, found);
      const known = this.#replacements.get(found.toLowerCase());
      return known === undefined ? found : inCaseOf(found, known);
    };
    return text
      .replace(uuidForm, by("uuid"))
      .replace(macForm, by("mac"))
      .replace(wwnForm, by("wwn"))
      .replace(ipv6Form, by("ipv6"))
      .replace(ipv4Form, (found, ...rest) =>
        isVersion(text, Number(rest.at(-2))) ? found : by("ipv4")(found),
      );
  }
}

interface Replacement {
  readonly kind: PrivateKind;
  readonly original: string;
  readonly replacement: string;
  readonly isDerived: boolean;
}

/** Any of these words, not inside of a longer one; the longest first. */
function patternOf(originals: readonly string[]): RegExp {
  const words = originals
    .filter((original) => original.length >= wordLengthMin)
    .sort((a, b) => b.length - a.length)
    .map((original) => original.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  // No word at all: a pattern that never matches.
  return words.length === 0
    ? /(?!)/g
    : new RegExp(`(?<![A-Za-z0-9])(?:${words.join("|")})(?![A-Za-z0-9])`, "gi");
}

/** Upper case where the found text has it: tools print the same address both ways. */
function inCaseOf(found: string, { original, replacement }: Replacement): string {
  if (found === original) return replacement;
  return found === found.toUpperCase() ? replacement.toUpperCase() : replacement.toLowerCase();
}

/** Four numbers behind the word version, firmware or release are no address. */
function isVersion(text: string, at: number): boolean {
  const line = text.slice(text.lastIndexOf("\n", at) + 1, at);
  return /version|firmware|release|revision|\bv$/i.test(line.slice(-80));
}

/** Addresses that are the same everywhere, and those that are examples already. */
function isPublicAddress(kind: PrivateKind, text: string): boolean {
  if (kind === "mac") return /^(?:00[:-]?)+$|^(?:ff[:-]?)+$/i.test(text);
  if (kind === "ipv4") return /^(?:0|127|255|192\.0\.2|198\.51\.100|203\.0\.113)\./.test(text);
  if (kind === "ipv6") return /^(?:::1?|(?:ffff:)+.*|2001:db8:.*)$/i.test(text);
  return false;
}

function hex(text: string): string {
  return Buffer.from(text, "latin1").toString("hex");
}

function base64(text: string): string {
  return Buffer.from(text, "latin1").toString("base64").replace(/=+$/, "");
}

/** Shorter names are replaced only where they stand alone. */
export const wordLengthMin = 5;
const derivedLengthMin = wordLengthMin;

const prefixedName = /^(?:naa\.|eui\.|0x)([0-9a-f]{16}(?:[0-9a-f]{16})?)$/i;
/** `nvme.VENDOR-SERIAL-MODEL-NAMESPACE`, serial and model in hexadecimal (Linux wwid_show). */
const nvmeSerialForm = /^nvme\.[0-9a-f]{4}-((?:[0-9a-f]{2})+)-(?:[0-9a-f]{2})+-[0-9a-f]{8}$/;
const uuidForm =
  /(?<![0-9a-f-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f-])/gi;
export const macForm =
  /(?<![0-9a-f:])(?:[0-9a-f]{2}:){5}(?:(?:[0-9a-f]{2}:){2})?[0-9a-f]{2}(?![0-9a-f:])/gi;
const wwnForm = /(?<=\b(?:naa\.|eui\.|wwn-0x|0x))[0-9a-f]{16}(?:[0-9a-f]{16})?(?![0-9a-f])/gi;
const ipv6Form =
  /(?<![0-9a-z:.])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6})(?![0-9a-z:])/gi;
export const ipv4Form =
  /(?<![0-9A-Za-z.])(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?![0-9A-Za-z]|\.\d)/g;
