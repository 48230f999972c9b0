/**
 * Walks over the bytes of a /proc or /sys table and takes integers out of it, with no string and no
 * object made on the way. Lines end in "\n"; a NUL ends the text (some kernels pad with them).
 */
export class IntegerScanner {
  bytes: Uint8Array = nothing;
  position = 0;
  #end = 0;

  /** Starts on another text. Only valid until the buffer behind it is read into again. */
  reset(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.position = 0;
    this.#end = bytes.length;
  }

  /** At the end of the text, or at padding that no line follows. */
  atEnd(): boolean {
    return this.position >= this.#end || this.bytes[this.position] === 0;
  }

  /**
   * The next unsigned integer of this line, or -1 when the line has no further one or something
   * else stands there, a number beyond the kernel's 64 bits too. Above 2^53 the last digits are
   * rounded.
   */
  integer(): number {
    const { bytes } = this;
    const end = this.#end;
    let at = this.position;
    while (at < end && (bytes[at] === space || bytes[at] === tab)) at += 1;
    let value = at < end ? digitOf(bytes[at] ?? 0) : -1;
    if (value < 0) {
      this.position = at;
      return -1;
    }
    for (at += 1; at < end; at += 1) {
      const digit = (bytes[at] ?? 0) - zero;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    this.position = at;
    return value > integerMax ? -1 : value;
  }

  /**
   * The next `count` integers of this line, as `integer` gives them, into `into` from `base` on.
   * Answers how many there were before the first -1. One call for a row: of the many rows of
   * /proc/stat and /proc/diskstats, each second, calls cost more than digits.
   */
  integers(into: Float64Array, base: number, count: number): number {
    const { bytes } = this;
    const end = this.#end;
    let at = this.position;
    let good = count;
    for (let index = 0; index < count; index += 1) {
      let digit = -1;
      for (; at < end; at += 1) {
        const byte = bytes[at] ?? 0;
        if (byte === space || byte === tab) continue;
        digit = byte - zero;
        break;
      }
      let value = -1;
      if (digit >= 0 && digit <= 9) {
        value = digit;
        for (at += 1; at < end; at += 1) {
          digit = (bytes[at] ?? 0) - zero;
          if (digit < 0 || digit > 9) break;
          value = value * 10 + digit;
        }
        if (value > integerMax) value = -1;
      }
      into[base + index] = value;
      if (value < 0 && index < good) good = index;
    }
    this.position = at;
    return good;
  }

  /** Moves to the first byte after blanks. */
  skipBlanks(): void {
    const { bytes } = this;
    while (this.position < this.#end) {
      const byte = bytes[this.position];
      if (byte !== space && byte !== tab) return;
      this.position += 1;
    }
  }

  /** Length of the word that starts here: up to a blank, a newline, a NUL or the byte `stop`. */
  wordLength(stop = space): number {
    const { bytes } = this;
    let at = this.position;
    for (; at < this.#end; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === stop || byte === space || byte === tab || byte === newline || byte === 0) break;
    }
    return at - this.position;
  }

  /** True, and moves behind it, where `word` stands here. */
  take(word: Uint8Array): boolean {
    const { bytes, position } = this;
    if (position + word.length > this.#end) return false;
    for (let index = 0; index < word.length; index += 1) {
      if (bytes[position + index] !== word[index]) return false;
    }
    this.position = position + word.length;
    return true;
  }

  /** Moves to the start of the next line. */
  skipLine(): void {
    const { bytes } = this;
    const near = Math.min(this.#end, this.position + nearBytes);
    for (let at = this.position; at < near; at += 1) {
      if (bytes[at] !== newline) continue;
      this.position = at + 1;
      return;
    }
    const next = bytes.indexOf(newline, near);
    this.position = next < 0 ? this.#end : next + 1;
  }

  /** `length` bytes from here as text; for the rare case that a name is not known yet. */
  text(length: number): string {
    let text = "";
    for (let index = 0; index < length; index += 1)
      text += String.fromCharCode(this.bytes[this.position + index] ?? 0);
    return text;
  }
}

/** The bytes of an ASCII word, for `take`. */
export function wordBytes(word: string): Uint8Array {
  return Uint8Array.from(word, (letter) => letter.charCodeAt(0));
}

/**
 * A signed integer that is all of a small file, such as hwmon's; NaN where there is none, or one
 * beyond 64 bits.
 */
export function parseWholeInteger(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length && (bytes[at] === space || bytes[at] === tab)) at += 1;
  const negative = bytes[at] === minus;
  if (negative) at += 1;
  const start = at;
  let value = 0;
  for (; at < bytes.length; at += 1) {
    const digit = (bytes[at] ?? 0) - zero;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (at === start || value > integerMax) return Number.NaN;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte !== newline && byte !== 0 && byte !== space && byte !== tab) return Number.NaN;
  }
  return negative ? -value : value;
}

function digitOf(byte: number): number {
  const digit = byte - zero;
  return digit >= 0 && digit <= 9 ? digit : -1;
}

/** The kernel's counters have 64 bits; a longer number is damage. */
const integerMax = 2 ** 64;
/** So far a loop is quicker than a call into the engine. */
const nearBytes = 64;
const nothing = new Uint8Array(0);
const space = 0x20;
const tab = 0x09;
const newline = 0x0a;
const minus = 0x2d;
const zero = 0x30;
