import { lstatSync, statSync } from "node:fs";
import { dirname } from "node:path";

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
