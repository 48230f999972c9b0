import type {
  EraseClass,
  ReimageToken,
  TokenDisk,
  TokenImage,
  TokenLayout,
  TokenMachine,
} from "#proto/messages/reimage-token.ts";
import { parseCellId, parseUuid } from "#proto/vocabulary/ids.ts";
import { isRecord } from "#proto/vocabulary/plain-record.ts";
import { isPlaceholder } from "#proto/vocabulary/placeholder.ts";
import { type Bytes, unixMs } from "#proto/vocabulary/units.ts";
import { hasUnsafeCharacters } from "#proto/vocabulary/wire-text.ts";
import { tokenLimits } from "./token-limits.ts";

/** Where a token is not one: `disks[2].serial`, and why. */
export class TokenFault extends Error {
  override readonly name = "TokenFault";
}

/**
 * Any value → a token whose every field is of its form and whose parts agree. Fields that are not
 * known are refused: what this release cannot compare, it must not obey. Throws TokenFault.
 */
export function readToken(value: unknown): ReimageToken {
  const field = fieldsOf(value, "token", [
    "id",
    "cell",
    "hostId",
    "generation",
    "operationId",
    "epoch",
    "planId",
    "planHash",
    "planHosts",
    "machine",
    "disks",
    "image",
    "layout",
    "notBeforeMs",
    "startBeforeMs",
  ]);
  const token: ReimageToken = {
    id: uuid(field("id"), "id"),
    cell: cell(field("cell")),
    hostId: uuid(field("hostId"), "hostId"),
    generation: whole(field("generation"), "generation", 1),
    operationId: uuid(field("operationId"), "operationId"),
    epoch: whole(field("epoch"), "epoch", 1),
    planId: uuid(field("planId"), "planId"),
    planHash: digest(field("planHash"), "planHash"),
    planHosts: whole(field("planHosts"), "planHosts", 1, tokenLimits.planHostsMax),
    machine: readMachine(field("machine")),
    disks: list(field("disks"), "disks", 1, tokenLimits.disksMax).map(readDisk),
    image: readImage(field("image")),
    layout: readLayout(field("layout")),
    notBeforeMs: unixMs(whole(field("notBeforeMs"), "notBeforeMs", 0)),
    startBeforeMs: unixMs(whole(field("startBeforeMs"), "startBeforeMs", 0)),
  };
  requireAgreement(token);
  return token;
}

function readMachine(value: unknown): TokenMachine {
  const field = fieldsOf(value, "machine", [
    "systemSerial",
    "boardSerial",
    "smbiosUuid",
    "bmcMac",
    "macs",
  ]);
  const smbiosUuid = field("smbiosUuid");
  const bmcMac = field("bmcMac");
  return {
    systemSerial: serialOrNull(field("systemSerial"), "machine.systemSerial"),
    boardSerial: serialOrNull(field("boardSerial"), "machine.boardSerial"),
    smbiosUuid: smbiosUuid === null ? null : uuid(smbiosUuid, "machine.smbiosUuid"),
    bmcMac: bmcMac === null ? null : mac(bmcMac, "machine.bmcMac"),
    macs: list(field("macs"), "machine.macs", 0, tokenLimits.macsMax).map((item, at) =>
      mac(item, `machine.macs[${at}]`),
    ),
  };
}

function readDisk(value: unknown, at: number): TokenDisk {
  const where = `disks[${at}]`;
  const field = fieldsOf(value, where, ["serial", "wwn", "model", "sizeBytes", "fate"]);
  const wwn = field("wwn");
  const model = field("model");
  return {
    serial: serial(field("serial"), `${where}.serial`),
    wwn: wwn === null ? null : text(wwn, `${where}.wwn`),
    model: model === null ? null : text(model, `${where}.model`),
    sizeBytes: whole(field("sizeBytes"), `${where}.sizeBytes`, 1) as Bytes,
    fate: readFate(field("fate"), `${where}.fate`),
  };
}

function readFate(value: unknown, where: string): TokenDisk["fate"] {
  const kind = isRecord(value) ? value["kind"] : undefined;
  if (kind === "custody") {
    const field = fieldsOf(value, where, ["kind", "reason"]);
    return { kind, reason: text(field("reason"), `${where}.reason`) };
  }
  if (kind !== "erase") throw new TokenFault(`${where}.kind is neither erase nor custody`);
  const field = fieldsOf(value, where, ["kind", "class"]);
  return { kind, class: oneOf<EraseClass>(field("class"), `${where}.class`, ["clear", "purge"]) };
}

function readImage(value: unknown): TokenImage {
  const field = fieldsOf(value, "image", [
    "name",
    "digest",
    "format",
    "fileBytes",
    "sizeBytes",
    "rawDigest",
  ]);
  return {
    name: text(field("name"), "image.name"),
    digest: digest(field("digest"), "image.digest"),
    format: oneOf(field("format"), "image.format", ["raw", "raw.zst"]),
    fileBytes: whole(field("fileBytes"), "image.fileBytes", 1) as Bytes,
    sizeBytes: whole(field("sizeBytes"), "image.sizeBytes", 1) as Bytes,
    rawDigest: digest(field("rawDigest"), "image.rawDigest"),
  };
}

function readLayout(value: unknown): TokenLayout {
  const field = fieldsOf(value, "layout", ["root", "seedDigest"]);
  return {
    root: list(field("root"), "layout.root", 1, tokenLimits.rootDisksMax).map((item, at) =>
      serial(item, `layout.root[${at}]`),
    ),
    seedDigest: digest(field("seedDigest"), "layout.seedDigest"),
  };
}

/** What no single field can say: a machine that can be told from others, disks that are told apart. */
function requireAgreement(token: ReimageToken): void {
  const { machine, disks, layout, image } = token;
  if (machine.systemSerial === null && machine.boardSerial === null)
    throw new TokenFault("machine has neither a system's nor a board's serial");
  const serials = new Set(disks.map((disk) => disk.serial));
  if (serials.size !== disks.length) throw new TokenFault("disks name one serial twice");
  const wwns = disks.flatMap(({ wwn }) => (wwn === null ? [] : [wwn]));
  if (new Set(wwns).size !== wwns.length) throw new TokenFault("disks name one WWN twice");
  if (new Set(layout.root).size !== layout.root.length)
    throw new TokenFault("layout.root names one disk twice");
  for (const root of layout.root) {
    const disk = disks.find(({ serial: known }) => known === root);
    if (disk === undefined) throw new TokenFault(`layout.root: ${root} is none of the disks`);
    if (disk.fate.kind !== "erase") throw new TokenFault(`layout.root: ${root} is not erased`);
    if (disk.sizeBytes < image.sizeBytes)
      throw new TokenFault(`layout.root: the image is larger than ${root}`);
  }
  if (image.format === "raw" && image.digest !== image.rawDigest)
    throw new TokenFault("image: a raw file has one digest, and here are two");
  if (image.format === "raw" && image.fileBytes !== image.sizeBytes)
    throw new TokenFault("image: a raw file has one size, and here are two");
  const windowMs = token.startBeforeMs - token.notBeforeMs;
  if (windowMs <= 0) throw new TokenFault("startBeforeMs is not after notBeforeMs");
  if (windowMs > tokenLimits.startWindowMsMax)
    throw new TokenFault("startBeforeMs is more than a day after notBeforeMs");
}

/** Exactly these fields: one more, one less, or another kind of value is refused. */
function fieldsOf(
  value: unknown,
  where: string,
  names: readonly string[],
): (name: string) => unknown {
  if (!isRecord(value)) throw new TokenFault(`${where} is no object`);
  for (const name of names)
    if (!Object.hasOwn(value, name)) throw new TokenFault(`${where} has no ${name}`);
  for (const name of Object.keys(value))
    if (!names.includes(name))
      throw new TokenFault(`${where} has ${shown(name)}, which is not known`);
  return (name) => value[name];
}

function list(value: unknown, where: string, min: number, max: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new TokenFault(`${where} is no list`);
  if (value.length < min || value.length > max)
    throw new TokenFault(`${where} has ${value.length} entries, not ${min} to ${max}`);
  return value;
}

function text(value: unknown, where: string): string {
  if (typeof value !== "string") throw new TokenFault(`${where} is no text`);
  if (value === "" || value.length > tokenLimits.textCharactersMax)
    throw new TokenFault(`${where} has ${value.length} characters`);
  if (hasUnsafeCharacters(value) || !value.isWellFormed())
    throw new TokenFault(`${where} has characters that cannot be shown`);
  return value;
}

/** A placeholder of firmware names no machine and no disk. */
function serial(value: unknown, where: string): string {
  const known = text(value, where);
  if (isPlaceholder(known)) throw new TokenFault(`${where} is a placeholder: ${shown(known)}`);
  if (known.trim() !== known) throw new TokenFault(`${where} begins or ends with a blank`);
  return known;
}

function serialOrNull(value: unknown, where: string): string | null {
  return value === null ? null : serial(value, where);
}

function whole(value: unknown, where: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < min || value > max)
    throw new TokenFault(`${where} is no whole number from ${min} to ${max}`);
  return value;
}

function uuid<Id extends string>(value: unknown, where: string): Id {
  const parsed = typeof value === "string" ? parseUuid(value) : null;
  if (parsed === null || !parsed.ok) throw new TokenFault(`${where} is no UUID`);
  return parsed.value as string as Id;
}

function cell(value: unknown): ReimageToken["cell"] {
  const parsed = typeof value === "string" ? parseCellId(value) : null;
  if (parsed === null || !parsed.ok) throw new TokenFault("cell is no name of a cell");
  return parsed.value;
}

function digest(value: unknown, where: string): string {
  if (typeof value !== "string" || !/^[0-9a-f]{64}$/.test(value))
    throw new TokenFault(`${where} is no SHA-256 in lower-case hexadecimal`);
  return value;
}

function mac(value: unknown, where: string): string {
  if (typeof value !== "string" || !/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(value))
    throw new TokenFault(`${where} is no MAC in lower case with colons`);
  return value;
}

function oneOf<Word extends string>(value: unknown, where: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) throw new TokenFault(`${where} is none of ${words.join(", ")}`);
  return found;
}

const shown = (words: string): string => JSON.stringify(words.slice(0, 40));
