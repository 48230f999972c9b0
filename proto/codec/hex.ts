/** Bytes → lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byteText[byte];
  return text;
}

/** Hex of an even number of digits → bytes. */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >>> 1);
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = Number.parseInt(text.slice(index * 2, index * 2 + 2), 16);
  }
  return bytes;
}

const byteText = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
