import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
} from "node:fs";
import { type ReadProblem, textBytesMax } from "#agent/hardware/hardware-source.ts";
import { attempt, decodeText } from "#agent/hardware/live-files.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { isEnergyCounter, mayList, mayRead } from "./path-grammar.ts";

/** Files below `root` ("" is the machine's own), as far as the path grammar goes. */
export interface RootFiles {
  read(path: string): Result<string, ReadProblem>;
  list(path: string): Result<readonly string[], ReadProblem>;
  link(path: string): Result<string, ReadProblem>;
  openEnergy(path: string): Result<null, ReadProblem>;
}

/** `group`: who may read energy counters after `openEnergy`; null: nobody beside root. */
export function openRootFiles(root: string, group: number | null): RootFiles {
  return {
    read: (path) =>
      whereAllowed(root, path, mayRead, (real) =>
        withFile(root, path, real, mayRead, (descriptor) => readAll(descriptor, path)),
      ),
    list: (path) =>
      whereAllowed(root, path, mayList, (real) => ok(readdirSync(real).slice(0, namesMax))),
    link: (path) =>
      mayRead(path) || mayList(path)
        ? attempt(path, () => ok(readlinkSync(root + path)))
        : fail(refusal(path)),
    openEnergy(path) {
      if (group === null) return fail(refusal(path));
      return whereAllowed(root, path, isEnergyCounter, (real) =>
        withFile(root, path, real, isEnergyCounter, (descriptor) => {
          fchownSync(descriptor, fstatSync(descriptor).uid, group);
          fchmodSync(descriptor, 0o440);
          return ok(null);
        }),
      );
    },
  };
}

type Rule = (path: string) => boolean;

/** Resolves every symbolic link first, and asks the rule about both ends. */
function whereAllowed<Value>(
  root: string,
  path: string,
  rule: Rule,
  look: (real: string) => Result<Value, ReadProblem>,
): Result<Value, ReadProblem> {
  if (!rule(path)) return fail(refusal(path));
  return attempt(path, () => {
    const real = realpathSync(root + path);
    return isBelow(root, real, rule) ? look(real) : fail(refusal(path));
  });
}

/**
 * Opens without following another link, without waiting and without becoming anybody's terminal,
 * and asks the rule once more about what was really opened.
 */
function withFile<Value>(
  root: string,
  path: string,
  real: string,
  rule: Rule,
  use: (descriptor: number) => Result<Value, ReadProblem>,
): Result<Value, ReadProblem> {
  const descriptor = openSync(real, openFlags);
  try {
    const isAllowed =
      fstatSync(descriptor).isFile() &&
      isBelow(root, readlinkSync(`/proc/self/fd/${descriptor}`), rule);
    return isAllowed ? use(descriptor) : fail(refusal(path));
  } finally {
    closeSync(descriptor);
  }
}

function isBelow(root: string, real: string, rule: Rule): boolean {
  return real.startsWith(`${root}/`) && rule(real.slice(root.length));
}

function readAll(descriptor: number, path: string): Result<string, ReadProblem> {
  const pieces: Uint8Array[] = [];
  for (let length = 0; length <= textBytesMax; ) {
    const piece = new Uint8Array(pieceBytes);
    const count = readSync(descriptor, piece, 0, pieceBytes, length);
    if (count === 0) return ok(decodeText(Buffer.concat(pieces)));
    pieces.push(piece.subarray(0, count));
    length += count;
  }
  return fail({ kind: "too-large", path, errno: null });
}

/** errno null tells it from the kernel's own EACCES. */
function refusal(path: string): ReadProblem {
  return { kind: "denied", path, errno: null };
}

const openFlags =
  constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
const pieceBytes = 64 * 1024;
/** pstore holds a few dozen records. */
const namesMax = 1_000;
