import { JournalError } from "#agent/journal/journal-error.ts";
import type { OrderFacts, OrderJournal } from "#agent/journal/order-journal.ts";
import { parseOrderFacts } from "#agent/journal/parse-order-facts.ts";
import type { ProcessLife } from "./process-life.ts";

/**
 * The disk under an agent's `orders.json`. A write goes beside the file, is synced and renamed, so a
 * cut leaves the old text or the new one, and a torn piece beside it; a full disk takes no write.
 */
export interface OrderDisk {
  isFull: boolean;
  /** The next write ends the process: with the old text, or (after the rename) with the new one. */
  tearNext: "before-rename" | "after-rename" | null;
  /** What a power cut would find; null: nothing was ever noted, or it cannot be read. */
  read(): OrderFacts | null;
  /** The journal as one process has it. */
  journal(life: ProcessLife): OrderJournal;
}

export function createOrderDisk(effects: {
  readonly path: string;
  /** The process ended in the middle of a write. */
  readonly onTorn: () => void;
  /** A text is on disk now. */
  readonly onWritten: (facts: OrderFacts) => void;
}): OrderDisk {
  const { path } = effects;
  let text: string | null = null;
  const parse = (): OrderFacts | null => (text === null ? null : parseOrderFacts(text, path));
  const disk: OrderDisk = {
    isFull: false,
    tearNext: null,
    read: parse,
    journal: (life) => ({
      path,
      read: parse,
      write(facts) {
        // A process that is gone writes nothing, and hears of nothing.
        if (life.isOver()) throw new JournalError("JOURNAL_NOT_WRITTEN", "the process is gone");
        if (disk.isFull)
          throw new JournalError("JOURNAL_NOT_WRITTEN", `${path} cannot be written (ENOSPC)`);
        const torn = disk.tearNext;
        disk.tearNext = null;
        if (torn !== "before-rename") {
          text = `${JSON.stringify(facts, null, 1)}\n`;
          effects.onWritten(facts);
        }
        if (torn === null) return;
        effects.onTorn();
        throw new JournalError("JOURNAL_NOT_WRITTEN", "the process is gone");
      },
    }),
  };
  return disk;
}
