import type { IpmiAsk } from "../ipmi-session.ts";
import { byteAt, checksum } from "../lan-message.ts";
import { decodePackedText } from "./packed-text.ts";
import { le16 } from "./read-repository.ts";

/** No FRU store that was seen is larger than this. */
export const fruBytesMax = 4_096;
const fieldsMax = 32;
const chunkBytes = 16;

export interface Fru {
  readonly name: string;
  readonly fruId: number;
  /** `board.serial`, `product.model` …; empty fields are left out. */
  readonly fields: Readonly<Record<string, string>>;
  readonly troubles: readonly string[];
}

/** Reads and decodes one FRU store (IPMI 2.0, 34; FRU Information Storage 1.0). */
export async function readFru(ask: IpmiAsk, fruId: number, name: string): Promise<Fru> {
  const info = await ask.ask({ netFn: 0x0a, command: 0x10, data: [fruId] });
  if (info.code !== 0 || info.data.length < 3)
    return { name, fruId, fields: {}, troubles: [`not there (0x${info.code.toString(16)})`] };
  const size = Math.min(info.data.readUInt16LE(0), fruBytesMax);
  const isByWords = (byteAt(info.data, 2) & 1) === 1;
  const read = await readBytes(ask, fruId, size, isByWords);
  const decoded = decodeFru(read.bytes);
  return {
    name,
    fruId,
    fields: decoded.fields,
    troubles: [...(read.trouble === null ? [] : [read.trouble]), ...decoded.troubles],
  };
}

async function readBytes(
  ask: IpmiAsk,
  fruId: number,
  size: number,
  isByWords: boolean,
): Promise<{ readonly bytes: Buffer; readonly trouble: string | null }> {
  const parts: Buffer[] = [];
  let have = 0;
  let chunk = chunkBytes;
  while (have < size) {
    const step = Math.min(chunk, size - have);
    const [offset, count] = isByWords ? [have >> 1, (step + 1) >> 1] : [have, step];
    const { code, data } = await ask.ask({
      netFn: 0x0a,
      command: 0x11,
      data: [fruId, ...le16(offset), count],
    });
    if ((code === 0xc7 || code === 0xc8 || code === 0xca) && chunk > 4) {
      chunk >>= 1;
      continue;
    }
    const given = (isByWords ? 2 : 1) * byteAt(data, 0);
    const part = data.subarray(1, 1 + Math.min(given, step));
    if (code !== 0 || part.length === 0) {
      const trouble = `reading ended at byte ${have} of ${size} (0x${code.toString(16)})`;
      return { bytes: Buffer.concat(parts), trouble };
    }
    parts.push(part);
    have += part.length;
  }
  return { bytes: Buffer.concat(parts), trouble: null };
}

/** Whatever can be read of the areas; each wrong checksum and broken length is told. */
export function decodeFru(bytes: Buffer): Pick<Fru, "fields" | "troubles"> {
  const fields: Record<string, string> = {};
  const troubles: string[] = [];
  if (bytes.length < 8) return { fields, troubles: ["no common header"] };
  if (bytes.every((byte) => byte === 0xff) || bytes.every((byte) => byte === 0))
    return { fields, troubles: ["nothing was ever written into it"] };
  if (checksum(bytes.subarray(0, 8)) !== 0) troubles.push("the header's checksum is wrong");
  if ((byteAt(bytes, 0) & 0x0f) !== 1)
    return { fields, troubles: [...troubles, `format ${byteAt(bytes, 0) & 0x0f} is not known`] };
  for (const { area, pointerAt, firstField, names } of areas) {
    const start = byteAt(bytes, pointerAt) * 8;
    if (start === 0) continue;
    const length = byteAt(bytes, start + 1) * 8;
    if (start + 2 > bytes.length || length < 8) {
      troubles.push(`the ${area} area lies outside`);
      continue;
    }
    const whole = bytes.subarray(start, start + length);
    if (whole.length < length) troubles.push(`the ${area} area is cut short`);
    else if (checksum(whole) !== 0) troubles.push(`the ${area} area's checksum is wrong`);
    readFields(area, whole.subarray(firstField), names, fields, troubles);
  }
  return { fields, troubles };
}

function readFields(
  area: string,
  bytes: Buffer,
  names: readonly string[],
  fields: Record<string, string>,
  troubles: string[],
): void {
  let at = 0;
  for (let index = 0; index < fieldsMax; index += 1) {
    const head = byteAt(bytes, at);
    // The end, or where the end was forgotten: nothing but padding.
    if (at >= bytes.length || head === 0xc1) return;
    const length = head & 0x3f;
    if (at + 1 + length > bytes.length) {
      troubles.push(`a field of the ${area} area runs over its end`);
      return;
    }
    const text = decodePackedText(head >> 6, bytes.subarray(at + 1, at + 1 + length));
    const name = names[index] ?? `extra-${index - names.length + 1}`;
    if (text !== "") fields[`${area}.${name}`] = text;
    at += 1 + length;
  }
  troubles.push(`more than ${fieldsMax} fields in the ${area} area`);
}

const areas = [
  { area: "chassis", pointerAt: 2, firstField: 3, names: ["part", "serial"] },
  {
    area: "board",
    pointerAt: 3,
    firstField: 6,
    names: ["manufacturer", "product", "serial", "part", "file"],
  },
  {
    area: "product",
    pointerAt: 4,
    firstField: 3,
    names: ["manufacturer", "product", "part", "version", "serial", "asset", "file"],
  },
] as const;
