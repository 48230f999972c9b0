import type { StaleCell } from "#fleet/api/cell-schemas.ts";
import type { Terminal } from "./terminal.ts";
import { ago, isoTime, safeText, span } from "./words.ts";

/** Says on stderr, once for each cell, that an answer came without it, or out of what is kept. */
export function createStaleNote(terminal: Terminal): (cells: readonly StaleCell[]) => void {
  const told = new Set<string>();
  return (cells) => {
    for (const cell of cells) {
      if (told.has(cell.url)) continue;
      told.add(cell.url);
      terminal.stderr.write(`wws-fleet: ${safeText(staleWords(cell, terminal))}\n`);
      terminal.stderr.write(`  ${safeText(cell.why)}\n`);
    }
  };
}

function staleWords(
  { name, url, sinceMs, ageMs }: StaleCell,
  { clock }: Pick<Terminal, "clock">,
): string {
  const since =
    sinceMs === null
      ? `cell ${name} (${url}) was never heard`
      : `cell ${name} (${url}) is not heard since ${isoTime(sinceMs)} (${ago(sinceMs, clock.nowUnixMs())})`;
  const shown =
    ageMs === null
      ? "nothing of it is known here"
      : `what is kept of it and shown is ${span(ageMs)} old`;
  return `${since}: ${shown}`;
}
