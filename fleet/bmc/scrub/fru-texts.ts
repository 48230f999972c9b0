import { byteAt, checksum } from "../ipmi/lan-message.ts";
import { decodePackedText } from "../ipmi/commands/packed-text.ts";

/** A text of a FRU store that names one part: where it stands, and how it is written back. */
export interface FruText {
  readonly text: string;
  readonly at: number;
  readonly length: number;
  readonly encode: (text: string) => Buffer;
  readonly area: {
    readonly start: number;
    readonly end: number;
    readonly hadRightChecksum: boolean;
  };
}

const fieldsMax = 32;

/**
 * Serials, asset tags, and every field that a maker added: those hold what he likes, licence keys
 * and addresses too.
 */
export function findFruSecrets(image: Buffer): readonly FruText[] {
  if (image.length < 8 || (byteAt(image, 0) & 0x0f) !== 1) return [];
  return areas.flatMap(({ pointerAt, firstField, known, secret }) => {
    const start = byteAt(image, pointerAt) * 8;
    const length = byteAt(image, start + 1) * 8;
    if (start === 0 || start + firstField >= image.length || length < 8) return [];
    const end = start + length;
    const whole = image.subarray(start, end);
    const area = { start, end, hadRightChecksum: checksum(whole) === 0 };
    const found: FruText[] = [];
    let at = start + firstField;
    for (let index = 0; index < fieldsMax && at < Math.min(end, image.length); index += 1) {
      const head = byteAt(image, at);
      if (head === 0xc1) break;
      const bytes = image.subarray(at + 1, at + 1 + (head & 0x3f));
      if (index >= known || secret.includes(index)) {
        const text = textOf(head >> 6, bytes);
        if (text.trim() !== "")
          found.push({
            text,
            at: at + 1,
            length: bytes.length,
            encode: (other) => encodeText(head >> 6, other),
            area,
          });
      }
      at += 1 + (head & 0x3f);
    }
    return found;
  });
}

/** Untrimmed for eight-bit text: it is written back byte for byte. */
function textOf(type: number, bytes: Buffer): string {
  if (type === 3) return bytes.toString("latin1");
  return type === 0 ? bytes.toString("hex") : decodePackedText(type, bytes);
}

function encodeText(type: number, text: string): Buffer {
  switch (type) {
    case 0:
      return Buffer.from(text, "hex");
    case 1:
      return encodeBcd(text);
    case 2:
      return encodeSixBit(text);
    default:
      return Buffer.from(text, "latin1");
  }
}

function encodeBcd(text: string): Buffer {
  const digits = [...text].map((letter) => Math.max(0, "0123456789 -.:,_".indexOf(letter)));
  const bytes = Buffer.alloc(Math.ceil(digits.length / 2), 0xaa);
  digits.forEach((digit, index) => {
    const old = byteAt(bytes, index >> 1);
    bytes[index >> 1] = index % 2 === 0 ? (digit << 4) | (old & 15) : (old & 0xf0) | digit;
  });
  return bytes;
}

export function encodeSixBit(text: string): Buffer {
  const bytes = Buffer.alloc(Math.ceil((text.length * 6) / 8));
  [...text.toUpperCase()].forEach((letter, index) => {
    const value = (letter.charCodeAt(0) - 0x20) & 0x3f;
    const bit = index * 6;
    const at = bit >> 3;
    bytes[at] = byteAt(bytes, at) | ((value << (bit & 7)) & 0xff);
    if ((bit & 7) > 2) bytes[at + 1] = byteAt(bytes, at + 1) | (value >> (8 - (bit & 7)));
  });
  return bytes;
}

interface AreaForm {
  readonly pointerAt: number;
  readonly firstField: number;
  /** Fields that the standard names. */
  readonly known: number;
  /** Those of them that name one part. */
  readonly secret: readonly number[];
}

const areas: readonly AreaForm[] = [
  { pointerAt: 2, firstField: 3, known: 2, secret: [1] },
  { pointerAt: 3, firstField: 6, known: 5, secret: [2] },
  { pointerAt: 4, firstField: 3, known: 7, secret: [4, 5] },
];
