import { Command } from "commander";
import type { Cell } from "#fleet/api/cell-schemas.ts";
import { type Column, printList } from "./output.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { ago, isoTime, notSeen, safeText, span } from "./words.ts";

/** `cell list`: the cell that a manager is, or those that a federation reads. */
export function cellCommand(session: Session): Command {
  return new Command("cell")
    .description("the managers with their sites; of a federation, which of them are heard")
    .addCommand(listCommand(session));
}

function listCommand(session: Session): Command {
  return new Command("list")
    .description("list them: heard or not, since when and why; what two of them claim, on stderr")
    .addOption(outputOption())
    .action(async (options: FormOptions) => {
      const { terminal } = session;
      const { items, conflicts } = await (await session.client()).cells();
      printList(terminal, options.output, {
        rows: items,
        columns: cellColumns,
        nameOf: (cell) => cell.name,
        none: "no cells",
      });
      for (const { words } of conflicts) terminal.stderr.write(`conflict: ${safeText(words)}\n`);
    });
}

const cellColumns: readonly Column<Cell>[] = [
  { title: "CELL", key: "cell", show: (cell) => cell.name, raw: (cell) => cell.name },
  {
    title: "STATE",
    key: "state",
    show: (cell) => cell.state,
    raw: (cell) => cell.state,
    tone: (cell) => (cell.state === "connected" ? "plain" : "bad"),
  },
  {
    title: "SINCE",
    key: "since_time",
    show: (cell, nowMs) => ago(cell.sinceMs, nowMs),
    raw: (cell) => isoTime(cell.sinceMs),
  },
  {
    title: "HOSTS",
    key: "hosts",
    isFigure: true,
    show: (cell) => (cell.hosts === null ? notSeen : String(cell.hosts)),
    raw: (cell) => cell.hosts,
  },
  {
    title: "SITES",
    key: "sites",
    show: (cell) => cell.sites.join(" ") || notSeen,
    raw: (cell) => cell.sites.join(" "),
  },
  {
    title: "RELEASE",
    key: "release",
    show: (cell) => cell.release ?? notSeen,
    raw: (cell) => cell.release,
  },
  {
    title: "CLOCK",
    key: "clock_offset_milliseconds",
    show: (cell) => clockWords(cell.clockOffsetMs),
    raw: (cell) => cell.clockOffsetMs,
  },
  {
    title: "LAST HEARD",
    key: "last_heard_time",
    isWideOnly: true,
    show: (cell, nowMs) => ago(cell.lastHeardMs, nowMs),
    raw: (cell) => (cell.lastHeardMs === null ? null : isoTime(cell.lastHeardMs)),
  },
  {
    title: "ADDRESS",
    key: "url",
    show: (cell) => cell.url ?? "this one",
    raw: (cell) => cell.url,
  },
  { title: "WHY", key: "why", show: (cell) => cell.why ?? "", raw: (cell) => cell.why },
];

function clockWords(offsetMs: number | null): string {
  if (offsetMs === null) return notSeen;
  if (Math.abs(offsetMs) < 1_000) return "as here";
  return `${span(Math.abs(offsetMs))} ${offsetMs > 0 ? "ahead" : "behind"}`;
}
