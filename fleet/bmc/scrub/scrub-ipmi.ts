import type { Scrubber } from "#proto/scrub/scrubber.ts";
import { byteAt, checksum } from "../ipmi/lan-message.ts";
import type { IpmiExchange } from "../transcript.ts";
import { findFruSecrets, type FruText } from "./fru-texts.ts";

const storageNetFn = 0x0a;
const readFruCommand = 0x11;
const transportNetFn = 0x0c;
const lanParameterCommand = 2;

/** Notes the serials and tags of each FRU store, and the addresses of the LAN channel. */
export function learnIpmi(exchanges: readonly IpmiExchange[], scrubber: Scrubber): void {
  for (const { image } of stores(exchanges).values())
    for (const { text } of findFruSecrets(image)) scrubber.learn("serial", text);
  for (const exchange of exchanges) {
    const address = lanAddress(exchange);
    if (address !== null) scrubber.learn(address.kind, address.text);
  }
}

/**
 * The same exchanges with those replaced in place, the checksums of the FRU areas made right again
 * where they were right before.
 */
export function scrubIpmi(
  exchanges: readonly IpmiExchange[],
  scrubber: Scrubber,
): readonly IpmiExchange[] {
  const images = stores(exchanges);
  for (const store of images.values()) replaceTexts(store.image, scrubber);
  return exchanges.map((exchange) => {
    const part = fruPart(exchange, images);
    const image = part === null ? undefined : images.get(part.fruId)?.image;
    if (part !== null && image !== undefined) {
      const bytes = Buffer.from(exchange.answer, "hex");
      image.copy(bytes, 1, part.offset, Math.min(image.length, part.offset + bytes.length - 1));
      return { ...exchange, answer: bytes.toString("hex") };
    }
    return scrubAddress(exchange, scrubber);
  });
}

interface Store {
  readonly image: Buffer;
  readonly isByWords: boolean;
}

/** The stores as they were read, part by part. */
function stores(exchanges: readonly IpmiExchange[]): ReadonlyMap<number, Store> {
  const found = new Map<number, Store>();
  for (const { netFn, command, data, code, answer } of exchanges) {
    if (netFn !== storageNetFn || command !== 0x10 || code !== 0) continue;
    const info = Buffer.from(answer, "hex");
    if (info.length < 3) continue;
    const fruId = byteAt(Buffer.from(data, "hex"), 0);
    const isByWords = (byteAt(info, 2) & 1) === 1;
    found.set(fruId, { image: Buffer.alloc(info.readUInt16LE(0)), isByWords });
  }
  for (const exchange of exchanges) {
    const part = fruPart(exchange, found);
    if (part !== null)
      Buffer.from(exchange.answer, "hex").copy(
        found.get(part.fruId)?.image ?? Buffer.alloc(0),
        part.offset,
        1,
      );
  }
  return found;
}

function fruPart(
  { netFn, command, data, code }: IpmiExchange,
  known: ReadonlyMap<number, Store>,
): { readonly fruId: number; readonly offset: number } | null {
  if (netFn !== storageNetFn || command !== readFruCommand || code !== 0) return null;
  const asked = Buffer.from(data, "hex");
  if (asked.length < 4) return null;
  const fruId = byteAt(asked, 0);
  const offset = asked.readUInt16LE(1) * (known.get(fruId)?.isByWords === true ? 2 : 1);
  return { fruId, offset };
}

function replaceTexts(image: Buffer, scrubber: Scrubber): void {
  for (const secret of findFruSecrets(image)) {
    const replaced = Buffer.from(scrubber.scrubWhole(secret.text), "latin1");
    if (replaced.length !== secret.text.length) continue;
    const bytes = secret.encode(replaced.toString("latin1"));
    bytes.copy(image, secret.at, 0, Math.min(bytes.length, secret.length));
    mendChecksum(image, secret);
  }
}

/** A checksum that was wrong stays wrong: that is what the recording is for. */
function mendChecksum(image: Buffer, { area }: FruText): void {
  if (!area.hadRightChecksum || area.end > image.length) return;
  image[area.end - 1] = 0;
  image[area.end - 1] = checksum(image.subarray(area.start, area.end));
}

function lanAddress(
  exchange: IpmiExchange,
): { readonly kind: "mac" | "ipv4"; readonly text: string } | null {
  const { netFn, command, data, code, answer } = exchange;
  if (netFn !== transportNetFn || command !== lanParameterCommand || code !== 0) return null;
  const bytes = Buffer.from(answer, "hex").subarray(1);
  const parameter = byteAt(Buffer.from(data, "hex"), 1);
  if (parameter === 5 && bytes.length >= 6)
    return { kind: "mac", text: bytes.toString("hex", 0, 6).replace(/..(?!$)/g, "$&:") };
  if ((parameter === 3 || parameter === 12) && bytes.length >= 4)
    return { kind: "ipv4", text: [...bytes.subarray(0, 4)].join(".") };
  return null;
}

function scrubAddress(exchange: IpmiExchange, scrubber: Scrubber): IpmiExchange {
  const address = lanAddress(exchange);
  if (address === null) return exchange;
  const replaced = scrubber.scrub(address.text);
  const bytes =
    address.kind === "mac"
      ? Buffer.from(replaced.replaceAll(":", ""), "hex")
      : Buffer.from(replaced.split(".").map(Number));
  return { ...exchange, answer: exchange.answer.slice(0, 2) + bytes.toString("hex") };
}
