import { isPlaceholder } from "#proto/vocabulary/placeholder.ts";

/**
 * A text that firmware gave, without padding and control characters; null where it is what makers
 * leave in place of one: blanks, `Not Specified`, `<OUT OF SPEC>`, `To Be Filled By O.E.M.`,
 * `SerNum0`, `DIMM_A1_AssetTag`. Two parts of one host must not be taken for one by such a text.
 */
export function firmwareText(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const text = value
    .slice(0, lengthMax)
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  if (isPlaceholder(text) || outOfTable.test(text) || numberedFiller.test(text)) return null;
  return text;
}

/** What the firmware calls a place: as `firmwareText`, and a single letter or digit is a name too. */
export function firmwarePlace(value: unknown): string | null {
  const plain = typeof value === "string" ? value.slice(0, lengthMax).trim() : "";
  return /^[0-9A-Za-z]$/.test(plain) ? plain : firmwareText(value);
}

/** `32 GB`, `8192 MB`, `640 kB` as bytes; null: no module, unknown, or beyond what is made. */
export function firmwareBytes(value: string | undefined): number | null {
  const match = /^(\d{1,12}) ?(bytes|kB|MB|GB|TB)$/.exec(value ?? "");
  const scale = match === null ? undefined : scales[match[2] ?? ""];
  if (match === null || scale === undefined) return null;
  const bytes = Number(match[1]) * scale;
  return bytes > 0 && bytes <= bytesMax ? bytes : null;
}

/** `2933 MT/s`, and `2933 MHz` as older versions call the same number. */
export function firmwareMegatransfers(value: string | undefined): number | null {
  const number = Number(/^(\d{1,6}) ?(?:MT\/s|MHz)$/.exec(value ?? "")?.[1] ?? Number.NaN);
  return number > 0 && number <= megatransfersMax ? number : null;
}

/**
 * `750 W` as milliwatts. Some firmware writes its watts where milliwatts belong, which reads as
 * `0.460 W`: a supply of a server does not give that little, so nothing is said then.
 */
export function firmwareMilliwatts(value: string | undefined): number | null {
  const match = /^(\d{1,6}(?:\.\d{1,3})?) ?W$/.exec(value ?? "");
  const milliwatts = match === null ? Number.NaN : Math.round(Number(match[1]) * 1000);
  return milliwatts >= supplyMilliwatts.min && milliwatts <= supplyMilliwatts.max
    ? milliwatts
    : null;
}

export function firmwareCount(value: string | undefined): number | null {
  const number = Number(/^\d{1,6}$/.exec(value ?? "")?.[0] ?? Number.NaN);
  return Number.isNaN(number) ? null : number;
}

/** What one power supply of a server can give, from a small board's to a blade chassis's. */
export const supplyMilliwatts = { min: 10_000, max: 20_000_000 } as const;

const lengthMax = 256;
const bytesMax = 16 * 1024 ** 4;
const megatransfersMax = 40_000;
const scales: Readonly<Record<string, number>> = {
  bytes: 1,
  kB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
};
const outOfTable = /^<(?:OUT OF SPEC|BAD INDEX|TRUNCATED)>/i;
const numberedFiller =
  /^(?:manufacturer|sernum|serialnum|serial|partnum|assettagnum|array\d*_(?:sernum|partnumber|assettag))[ _]?\d{0,2}$|_assettag$|^module(?:manufacturer|serialnumber|partnumber)\d*$/i;
