import { readFileSync } from "node:fs";
import { join } from "node:path";
import { JournalError } from "./journal-error.ts";
import type { Journal } from "./journal.ts";
import { parseJournal } from "./parse-journal.ts";
import { codeOf, writeWhole } from "./write-whole.ts";

/**
 * The journal as one small JSON file, `journal.json`, mode 0600 in a folder of mode 0700. It is
 * written beside, synced and renamed: a power cut leaves the old text or the new one, never half.
 */
export function openJournalFile(folder: string): Journal {
  const path = join(folder, "journal.json");
  return {
    read() {
      const text = readJournalText(path);
      return text === null ? null : parseJournal(text, path);
    },
    write: (facts) => writeJournalText(path, `${JSON.stringify(facts, null, 2)}\n`),
  };
}

/** null: there is none. Throws JournalError. */
export function readJournalText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return null;
    const message = `${path} cannot be read (${codeOf(cause)}): run the agent as the user that owns it`;
    throw new JournalError("JOURNAL_UNREADABLE", message, { cause });
  }
}

/** Throws JournalError. */
export function writeJournalText(path: string, text: string): void {
  try {
    writeWhole(path, text);
  } catch (cause) {
    const message = `${path} cannot be written (${codeOf(cause)})`;
    throw new JournalError("JOURNAL_NOT_WRITTEN", message, { cause });
  }
}
