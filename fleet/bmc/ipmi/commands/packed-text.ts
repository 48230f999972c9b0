import { byteAt } from "../lan-message.ts";

/** What a type/length byte says of the bytes behind it (IPMI 2.0, 43.15; FRU 1.0, 13). */
export function decodePackedText(type: number, bytes: Buffer): string {
  const text = decode(type & 3, bytes);
  return text
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, 128);
}

function decode(type: number, bytes: Buffer): string {
  switch (type) {
    case 1:
      return [...bytes]
        .map((byte) => (bcdPlus[byte >> 4] ?? "") + (bcdPlus[byte & 15] ?? ""))
        .join("");
    case 2:
      return decodeSixBit(bytes);
    case 3:
      return bytes.toString("latin1");
    default:
      return bytes.length === 0 ? "" : `0x${bytes.toString("hex")}`;
  }
}

/** Four characters in three bytes, lowest bits first, from space to underscore. */
function decodeSixBit(bytes: Buffer): string {
  const count = Math.floor((bytes.length * 8) / 6);
  let text = "";
  for (let index = 0; index < count; index += 1) {
    const bit = index * 6;
    const at = bit >> 3;
    const word = byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8);
    text += String.fromCharCode(0x20 + ((word >> (bit & 7)) & 0x3f));
  }
  return text;
}

const bcdPlus = [..."0123456789 -.:,_"];
