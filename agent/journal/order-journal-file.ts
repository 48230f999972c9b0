import { join } from "node:path";
import { readJournalText, writeJournalText } from "./journal-file.ts";
import type { OrderJournal } from "./order-journal.ts";
import { parseOrderFacts } from "./parse-order-facts.ts";

/** `orders.json` beside `journal.json`: no secret in it, same mode, written the same way. */
export function openOrderJournalFile(folder: string): OrderJournal {
  const path = join(folder, "orders.json");
  return {
    path,
    read() {
      const text = readJournalText(path);
      return text === null ? null : parseOrderFacts(text, path);
    },
    write: (facts) => writeJournalText(path, `${JSON.stringify(facts, null, 1)}\n`),
  };
}
