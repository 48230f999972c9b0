import type { Random } from "#proto/vocabulary/random.ts";

/**
 * Letters become other letters of their case, digits other digits; all else stays where it is. Long
 * hexadecimal words (machine ids, GUIDs without dashes) stay hexadecimal.
 */
export function replaceInForm(text: string, random: Random): string {
  if (/^(?:[0-9a-f]{12,}|[0-9A-F]{12,})$/.test(text) && /[a-f]/i.test(text))
    return text.replace(/./g, (digit) => hexDigit(digit, random, text));
  const replaced = text.replace(/[A-Za-z0-9]/g, (letter) => {
    if (letter >= "0" && letter <= "9") return pick(digits, random);
    return letter >= "a" ? pick(lowerLetters, random) : pick(lowerLetters, random).toUpperCase();
  });
  // A word without a letter or digit has no other form; an unlucky draw is drawn again.
  return replaced === text && /[A-Za-z0-9]/.test(text) ? replaceInForm(text, random) : replaced;
}

/** The maker's half stays, the rest is drawn: the separator and the length as well. */
export function replaceMac(text: string, random: Random): string {
  let kept = 0;
  return text.replace(/[0-9a-f]/gi, (digit) =>
    kept++ < 6 ? digit : hexDigit(digit, random, text),
  );
}

/** Version and variant stay where they are. */
export function replaceUuid(text: string, random: Random): string {
  let place = -1;
  return text.replace(/[0-9a-f]/gi, (digit) => {
    place += 1;
    return place === 12 || place === 16 ? digit : hexDigit(digit, random, text);
  });
}

/**
 * World-wide names: the kind and the maker's part stay (the first digit and 24 bits behind it), the
 * rest is drawn. Texts such as `t10.ATA   MODEL   SERIAL` are no number: their last word is replaced.
 */
export function replaceWwn(text: string, random: Random): string {
  const number = /^((?:naa\.|eui\.|0x)?)([0-9a-f]{16,32})$/i.exec(text);
  const [, prefix, hexDigits] = number ?? [];
  if (prefix !== undefined && hexDigits !== undefined)
    return `${prefix}${hexDigits.slice(0, 7)}${hexDigits.slice(7).replace(/./g, (digit) => hexDigit(digit, random, text))}`;
  const lastWord = /^(.*[\s._-])([^\s._-]+)$/.exec(text);
  return lastWord === null
    ? replaceInForm(text, random)
    : `${lastWord[1]}${replaceInForm(lastWord[2] ?? "", random)}`;
}

/** Addresses kept for documentation (RFC 5737); a machine has no more than their 762. */
export function replaceIpv4(count: number): string {
  const networks = ["192.0.2", "198.51.100", "203.0.113"];
  return `${networks[Math.floor(count / 254) % networks.length]}.${(count % 254) + 1}`;
}

/** Addresses kept for documentation (RFC 3849). */
export function replaceIpv6(count: number): string {
  return `2001:db8::${(count + 1).toString(16)}`;
}

/** Upper case where the digit, or another of the word it stands in, is. */
function hexDigit(digit: string, random: Random, word = digit): string {
  const drawn = pick("0123456789abcdef", random);
  return /[A-F]/.test(word) ? drawn.toUpperCase() : drawn;
}

function pick(letters: string, random: Random): string {
  return letters[Math.floor(random.next() * letters.length)] ?? "0";
}

const digits = "0123456789";
const lowerLetters = "abcdefghijklmnopqrstuvwxyz";
