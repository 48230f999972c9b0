import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { JournalError } from "./journal-error.ts";
import type { Journal } from "./journal.ts";
import { parseJournal } from "./parse-journal.ts";

/**
 * The journal as one small JSON file, `journal.json`, mode 0600 in a folder of mode 0700. It is
 * written beside, synced and renamed: a power cut leaves the old text or the new one, never half.
 */
export function openJournalFile(folder: string): Journal {
  const path = join(folder, "journal.json");
  return {
    read() {
      const text = readText(path);
      return text === null ? null : parseJournal(text, path);
    },
    write: (facts) => writeWhole(path, `${JSON.stringify(facts, null, 2)}\n`),
  };
}

/** null: there is none. */
function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return null;
    const message = `${path} cannot be read (${codeOf(cause)}): run the agent as the user that owns it`;
    throw new JournalError("JOURNAL_UNREADABLE", message, { cause });
  }
}

function writeWhole(path: string, text: string): void {
  const folder = dirname(path);
  const unfinished = `${path}.new`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // One left by a crash may have another mode.
    removeIfThere(unfinished);
    const file = openSync(unfinished, "wx", 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
    syncFolder(folder);
  } catch (cause) {
    const message = `${path} cannot be written (${codeOf(cause)})`;
    throw new JournalError("JOURNAL_NOT_WRITTEN", message, { cause });
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

/** Makes the new name itself outlive a power cut. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
