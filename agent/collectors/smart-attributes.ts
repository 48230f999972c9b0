import type { ImplausibleNumber, SmartFacts } from "./smart-facts.ts";
import { findWear, type WearFacts } from "./smart-wear.ts";

/** One row of the ATA attribute table. */
export interface SmartAttribute {
  readonly id: number;
  readonly name: string;
  /** Normalised: mostly counts down from 100 or 200; null: not given. */
  readonly value: number | null;
  readonly threshold: number | null;
  readonly isFailingNow: boolean;
  /** The raw value as smartctl understands it: "25 (0 14 0 0 0)", "47060h+35m+00.858s". */
  readonly rawText: string;
}

export type AttributeFacts = Pick<
  SmartFacts,
  | "reallocated"
  | "reallocatedEvents"
  | "pending"
  | "offlineUncorrectable"
  | "reportedUncorrectable"
  | "commandTimeout"
  | "crc"
  | "endToEnd"
  | "unsafeShutdowns"
  | "attributesFailingNow"
> &
  WearFacts & { readonly hours: number | null; readonly temperature: number | null };

/** Rows of a table beyond this are not looked at; a drive has at most 30. */
export const attributesMax = 128;

/**
 * What the attribute table says. An id alone does not tell what it counts: its name must fit too,
 * else it is another maker's. Raw values are packed by many makers; the first number of smartctl's
 * own rendering is the reading, save for 188 (below).
 */
export function readAttributes(
  attributes: readonly SmartAttribute[],
  identity: { readonly model: string | null; readonly family: string | null },
  implausible: ImplausibleNumber[],
): AttributeFacts {
  const find = (id: number, name: RegExp): SmartAttribute | undefined =>
    attributes.find((attribute) => attribute.id === id && name.test(attribute.name));
  const count = (id: number, name: RegExp): number | null => {
    const found = find(id, name);
    if (found === undefined) return null;
    const number = leadingNumber(found.rawText);
    if (number === null || (number >= 0 && number <= countMax)) return number;
    implausible.push({ what: `${found.id} ${found.name}`, text: found.rawText.slice(0, 64) });
    return null;
  };
  const hours = find(9, /power.?on|hours/i);
  const temperature = find(194, /temp/i) ?? find(190, /temp/i);
  return {
    reallocated: count(5, /re-?alloc|retired/i),
    reallocatedEvents: count(196, /re-?alloc/i),
    pending: count(197, /pending/i),
    offlineUncorrectable: count(198, /uncorrect/i),
    reportedUncorrectable: count(187, /uncorrect/i),
    commandTimeout: readCommandTimeouts(find(188, /timeout/i), identity),
    crc: count(199, /crc/i),
    endToEnd: count(184, /end.to.end/i),
    unsafeShutdowns:
      count(174, /unsafe|unexpect|power.?loss/i) ?? count(192, /unsafe|unexpect|power.?loss/i),
    attributesFailingNow: attributes
      .filter(({ isFailingNow }) => isFailingNow)
      .map(({ id, name }) => `${id} ${name}`),
    hours: hours === undefined ? null : leadingNumber(hours.rawText),
    temperature: temperature === undefined ? null : leadingNumber(temperature.rawText),
    ...findWear(attributes, identity),
  };
}

/** The first whole number of a raw value: 34013 of "34013 (105 34 0)"; null: hexadecimal, or not one of 2^53. */
export function leadingNumber(rawText: string): number | null {
  const digits = /^\s*(-?\d{1,32})(?![.,]?\d|x)/i.exec(rawText.slice(0, 64))?.[1];
  if (digits === undefined) return null;
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : null;
}

/**
 * 188 counts commands that took too long. Seagate packs three 16-bit counts, the lowest of them the
 * total: smartctl prints "4 4 4" where it knows the drive and 17180131332 where it does not.
 */
function readCommandTimeouts(
  attribute: SmartAttribute | undefined,
  { model, family }: { readonly model: string | null; readonly family: string | null },
): number | null {
  if (attribute === undefined) return null;
  const words = /^\s*\d{1,5} \d{1,5} (\d{1,5})\s*$/.exec(attribute.rawText)?.[1];
  if (words !== undefined) return Number(words);
  const number = leadingNumber(attribute.rawText);
  if (number === null || number < 0) return null;
  if (number <= 0xffff) return number;
  const isSeagate = /seagate/i.test(family ?? "") || /^(?:seagate |ST\d)/i.test(model ?? "");
  return isSeagate && number <= 0xffff_ffff_ffff ? number % 0x1_0000 : null;
}

/** More of anything than this is packed, or a -1 that was read without its sign. */
const countMax = 0xffff_fffe;
