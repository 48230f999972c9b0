import { readFileSync } from "node:fs";
import { cleanText } from "#proto/vocabulary/wire-text.ts";

/** A person at this host said no: nothing that changes it is done until the file is gone. */
export interface HoldNotice {
  readonly path: string;
  /** First line of the file, for people; may be empty. */
  readonly text: string;
}

export const holdFileDefault = "/etc/wws-agent/hold";
const textMax = 160;

/**
 * The first of `paths` that is there; null: none is. One that is there and cannot be read, or is a
 * folder, holds too: the brake must not fail open.
 */
export function readHold(paths: readonly string[]): HoldNotice | null {
  for (const path of paths) {
    try {
      const line = readFileSync(path, "utf8").slice(0, 4_096).split("\n", 1)[0] ?? "";
      return { path, text: cleanText(line.trim()).slice(0, textMax) };
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "unread";
      if (code !== "ENOENT" && code !== "ENOTDIR") {
        return { path, text: `(its text cannot be read: ${code})` };
      }
    }
  }
  return null;
}

export function holdWords({ path, text }: HoldNotice): string {
  const said = text === "" ? "" : `: ${text}`;
  return `this host is held by ${path}${said}; remove the file to go on`;
}
