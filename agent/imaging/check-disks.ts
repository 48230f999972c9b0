import type { ReimageToken, TokenDisk } from "#proto/messages/reimage-token.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { cleanText } from "#proto/vocabulary/wire-text.ts";
import { type FoundDisk, localTransports } from "./disk-port.ts";
import { diskKey, isSameDisk, plainSerial } from "./same-disk.ts";

/** An expected disk that is there. */
export interface MatchedDisk {
  readonly expected: TokenDisk;
  readonly found: FoundDisk;
}

export interface CheckedDisks {
  /** To be erased, in the token's order. */
  readonly erase: readonly MatchedDisk[];
  /** Not to be touched, there or not. */
  readonly custody: readonly TokenDisk[];
}

/** Why nothing on this host may be written. `words` names the disk. */
export interface DiskRefusal {
  readonly kind:
    | "missing"
    | "extra"
    | "no-serial"
    | "ambiguous"
    | "size"
    | "foreign"
    | "read-only"
    | "in-use"
    | "shared-controller"
    | "root";
  readonly words: string;
}

/**
 * Disks found = disks expected, by serial and world-wide name and size, never by the kernel's name.
 * Every reason is told, not only the first: somebody goes there with all of them.
 */
export function checkDisks(
  token: Pick<ReimageToken, "disks" | "layout">,
  found: readonly FoundDisk[],
): Result<CheckedDisks, readonly DiskRefusal[]> {
  const refusals: DiskRefusal[] = [...checkList(token)];
  const say = (kind: DiskRefusal["kind"], words: string): void => {
    refusals.push({ kind, words });
  };
  const erase: MatchedDisk[] = [];
  const custody: TokenDisk[] = [];
  const known = new Set<FoundDisk>();
  for (const expected of token.disks) {
    const matches = found.filter((disk) => isSameDisk(expected, disk));
    for (const match of matches) known.add(match);
    if (expected.fate.kind === "custody") {
      custody.push(expected);
      continue;
    }
    const [match] = matches;
    if (match === undefined) say("missing", missingWords(expected, found));
    else if (matches.length > 1)
      say("ambiguous", `${wordsOf(expected)} is found ${matches.length} times`);
    else {
      for (const refusal of judgeMatch(expected, match)) refusals.push(refusal);
      erase.push({ expected, found: match });
    }
  }
  for (const disk of found) {
    if (known.has(disk)) continue;
    // A reader without a card, a virtual medium of the BMC with nothing in it.
    if (disk.sizeBytes === 0 && disk.isRemovable) continue;
    if (disk.serial === null)
      say("no-serial", `${disk.name} (${modelOf(disk)}) does not tell its serial`);
    else say("extra", `${foundWords(disk)} is not in the token`);
    for (const refusal of judgeStranger(disk)) refusals.push(refusal);
  }
  for (const refusal of judgeControllers(found)) refusals.push(refusal);
  return refusals.length === 0 ? ok({ erase, custody }) : fail(refusals);
}

function* checkList({
  disks,
  layout,
}: Pick<ReimageToken, "disks" | "layout">): Generator<DiskRefusal> {
  const keys = new Set<string>();
  for (const disk of disks) {
    if (keys.has(diskKey(disk)))
      yield { kind: "ambiguous", words: `the token names ${wordsOf(disk)} twice` };
    keys.add(diskKey(disk));
  }
  if (!disks.some(({ fate }) => fate.kind === "erase"))
    yield { kind: "missing", words: "the token names no disk to erase" };
  if (layout.root.length === 0)
    yield { kind: "root", words: "the token names no disk for the system" };
  for (const serial of layout.root) {
    const named = disks.filter((disk) => plainSerial(disk.serial) === plainSerial(serial));
    if (named.length !== 1 || named[0]?.fate.kind !== "erase") {
      const words = `the system's disk ${cleanText(serial)} is not one of the disks to erase`;
      yield { kind: "root", words };
    }
  }
  if (new Set(layout.root.map(plainSerial)).size !== layout.root.length)
    yield { kind: "root", words: "the token names one disk twice for the system" };
}

function* judgeMatch(expected: TokenDisk, disk: FoundDisk): Generator<DiskRefusal> {
  if (disk.sizeBytes !== expected.sizeBytes) {
    const words = `${foundWords(disk)} has ${disk.sizeBytes} bytes, the token says ${expected.sizeBytes}`;
    yield { kind: "size", words };
  }
  if (disk.isReadOnly) yield { kind: "read-only", words: `${foundWords(disk)} is read-only` };
  yield* judgeStranger(disk);
}

/** What speaks against touching this host while the disk is in it, whoever's it is. */
function* judgeStranger(disk: FoundDisk): Generator<DiskRefusal> {
  if (!localTransports.some((transport) => transport === disk.transport)) {
    const words = `${foundWords(disk)} is reached by ${disk.transport}: not a disk of this machine alone`;
    yield { kind: "foreign", words };
  }
  for (const { kind, what } of disk.uses)
    yield { kind: "in-use", words: `${foundWords(disk)}: ${kind} ${cleanText(what)}` };
}

/** A sanitize takes every namespace of its drive: what cannot be told apart is not begun. */
function* judgeControllers(found: readonly FoundDisk[]): Generator<DiskRefusal> {
  const byController = Map.groupBy(
    found.filter(({ controller }) => controller !== null),
    ({ controller }) => controller,
  );
  for (const [controller, disks] of byController) {
    if (disks.length < 2) continue;
    const names = disks.map(({ name }) => name).join(", ");
    const words = `${names} share the drive ${controller}: namespaces cannot be erased one by one`;
    yield { kind: "shared-controller", words };
  }
}

function missingWords(expected: TokenDisk, found: readonly FoundDisk[]): string {
  const near = found.find(
    ({ serial }) => serial !== null && plainSerial(serial) === plainSerial(expected.serial),
  );
  return near === undefined
    ? `${wordsOf(expected)} is not there`
    : `${wordsOf(expected)} is not there: ${near.name} has its serial and the world-wide name ${near.wwn ?? "(none)"}`;
}

function wordsOf({ serial, wwn }: TokenDisk): string {
  return wwn === null
    ? `disk ${cleanText(serial)}`
    : `disk ${cleanText(serial)} (${cleanText(wwn)})`;
}

function foundWords(disk: FoundDisk): string {
  return `${disk.name} (${modelOf(disk)}, serial ${disk.serial ?? "unknown"})`;
}

function modelOf({ model }: FoundDisk): string {
  return model ?? "unknown model";
}
