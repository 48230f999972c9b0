import { checksum } from "#fleet/bmc/ipmi/lan-message.ts";

/** An inventory store (IPMI FRU Information Storage Definition 1.0): header, board, product; 256 bytes or more. */
export function fruStore(areas: {
  readonly board?: readonly number[];
  readonly product: readonly number[];
}): Buffer {
  const { board = [], product } = areas;
  const head = [1, 0, 0, board.length > 0 ? 1 : 0, 1 + board.length / 8, 0, 0];
  const bytes = Buffer.from([...head, checksum(Buffer.from(head)), ...board, ...product]);
  return Buffer.concat([bytes, Buffer.alloc(Math.max(0, 256 - bytes.length))]);
}

/** One area: language and date as `head`, then its fields. `first`, where given, is the encoded first field. */
export function fruArea(
  head: readonly number[],
  texts: readonly string[],
  first?: readonly number[],
): number[] {
  const fields = texts.map((text) => [0xc0 | text.length, ...Buffer.from(text, "latin1")]);
  if (first !== undefined) fields[0] = [...first];
  const body = [...head, ...fields.flat(), 0xc1];
  const length = Math.ceil((body.length + 3) / 8) * 8;
  const bytes = [1, length / 8, ...body, ...new Array<number>(length - 3 - body.length).fill(0)];
  return [...bytes, checksum(Buffer.from(bytes))];
}

/** A field in packed six-bit text: capitals, digits, some signs. */
export function sixBitField(text: string): readonly number[] {
  const bytes = new Array<number>(Math.ceil((text.length * 6) / 8)).fill(0);
  [...text].forEach((letter, index) => {
    const value = (letter.charCodeAt(0) - 0x20) & 0x3f;
    const bit = index * 6;
    const at = bit >> 3;
    bytes[at] = ((bytes[at] ?? 0) | (value << (bit & 7))) & 0xff;
    if ((bit & 7) > 2) bytes[at + 1] = (bytes[at + 1] ?? 0) | (value >> (8 - (bit & 7)));
  });
  return [0x80 | bytes.length, ...bytes];
}
