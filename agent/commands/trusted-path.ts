import { lstatSync, readlinkSync, type Stats, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";

/**
 * Nothing of this name is there, for certain. Anything else that keeps it from being seen (a folder
 * that may not be entered, links in a circle, a link to nothing, also on the way) is no absence.
 */
export function isAbsent(path: string): boolean {
  try {
    lstatSync(path);
    return false;
  } catch (error) {
    if (errorCode(error) !== "ENOENT") return false;
  }
  const parent = dirname(path);
  if (parent === path || isAbsent(parent)) return true;
  try {
    statSync(parent);
    return true;
  } catch {
    return false;
  }
}

export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/** Links followed on one way; Linux itself follows 40. */
const linksMax = 40;

/**
 * Why somebody other than root and user `uid` could put another thing in the place of `path`, or null.
 * Every folder on the way counts, those of links too: who may rename in it may replace what follows.
 * A folder that all may write is good enough where it is sticky and what follows belongs to root or
 * to us (/tmp); one that a group may write, where the group has its owner's number (a user's own).
 */
export function whyReplaceable(path: string, uid: number): string | null {
  const isOurs = (owner: number): boolean => owner === 0 || owner === uid;
  let links = 0;
  let at = "/";
  const left = namesOf(resolve(path));
  try {
    for (;;) {
      const name = left.shift();
      if (name === undefined) return null;
      if (name === "..") {
        at = dirname(at);
        continue;
      }
      const next = join(at, name);
      const folder = lstatSync(at);
      const entry = lstatSync(next);
      if (!isOurs(folder.uid)) return `${at} belongs to user ${folder.uid}, not to root`;
      const isSafe = !isWritable(folder) || (isSticky(folder) && isOurs(entry.uid));
      if (!isSafe) return `${at} can be written by others (mode ${modeOf(folder)})`;
      if (!entry.isSymbolicLink()) {
        at = next;
        continue;
      }
      links += 1;
      if (links > linksMax) return `${path} leads through more than ${linksMax} links`;
      const target = readlinkSync(next);
      if (isAbsolute(target)) at = "/";
      left.unshift(...namesOf(target));
    }
  } catch (error) {
    return `the way to it cannot be looked at (${errorCode(error)})`;
  }
}

function isWritable({ uid, gid, mode }: Stats): boolean {
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== uid);
}

function isSticky({ mode }: Stats): boolean {
  return (mode & 0o1000) !== 0;
}

export function modeOf({ mode }: Pick<Stats, "mode">): string {
  return (mode & 0o7777).toString(8);
}

/** `.` and empty names say nothing. */
function namesOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}
